"""Numbers, signs and names as people type them, and words in Kibana, on a real Elasticsearch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from german.stems import folded, stem
from indexing.searching.search import Query, search
from tests.integration.conftest import filled

#: By its key, what an article has.
TYPED = {
    "score": "Das Spiel endete 3:2 nach Verlängerung.",
    "loose": "Es kamen 3 Frauen, 2 Kinder, 24 Hunde, 7 Katzen, 218 Vögel, 50 Fische, 10 Pferde.",
    "always": "Der Laden hat 24/7 offen.",
    "1u1": "Der Konzern 1&1 wächst.",
    "hm": "Die Kette H&M schließt Läden.",
    "letters": "Ein H steht da und ein M auch.",
    "cpp": "Er schreibt C++ seit Jahren.",
    "csharp": "Sie schreibt C# und nicht mehr.",
    "c": "Vitamin C hilft.",
    "par": "Der § 218 bleibt.",
    "paragraf": "Über Paragraf 218 wird gestritten.",
    "point": "Es kamen 10.000 Gäste.",
    "blank": "Es kamen 10 000 Gäste.",
    "none": "Es kamen 10000 Gäste.",
    "swiss": "Es kamen 10’000 Gäste.",
    "percent": "Er bekam 50 Prozent.",
    "sign": "Sie bekam 50 % und mehr.",
    "moody": "Nun senkt Moody's.",
    "curly": "Nun senkt Moody’s.",
    "acute": "Nun senkt Moody´s.",
    "tag": "Unter #aufschrei schrieb @anna_b viel.",
    "url": "Auf https://www.beispiel.at/wetter/heute steht es, sonst bei derbote.at.",
    "ko": "Er gewann durch K.-o. in Runde vier.",
    "k.o.": "Er gewann durch K.o. in Runde vier.",
    "iphone": "Das iPhone6s ist alt.",
    "apart": "Das iPhone 6s ist alt.",
    "g20": "Die G20 tagen.",
    "g-20": "Die G-20 tagen.",
    "a380": "Der A380 fliegt.",
    "a-380": "Der A 380 fliegt.",
    "arms": "Die Atomwaffen und die Waffen bleiben in Köln.",
    "treaties": "Streit um die Verträge und um Munitionslieferungen der Pilot:innen.",
}
THOUSANDS = "point blank none swiss"


@pytest.fixture(scope="module")
def index(client: Elasticsearch) -> Iterator[str]:
    with filled(client, {key: f"Meldung\n\n{text}" for key, text in TYPED.items()}) as alias:
        yield alias


@pytest.mark.parametrize(
    ("texts", "keys"),
    [
        ("3:2|3 : 2", "score"),
        ("24/7", "always"),
        ("1&1", "1u1"),
        ("H&M|h & m", "hm"),
        ("C++|c++", "cpp"),
        ("C#", "csharp"),
        ("§ 218|§218|Paragraf 218", "par paragraf"),
        ("10.000|10 000|10000|10'000|10’000|10\u202f000|10\u00a0000", THOUSANDS),
        ("50 %|50%|50 Prozent", "percent sign"),
        ("Moody's|Moody’s|Moody`s|Moody", "moody curly acute"),
        ("#aufschrei|aufschrei|@anna_b", "tag"),
        ("https://www.beispiel.at/wetter/heute|www.beispiel.at|beispiel.at|derBote", "url"),
        ("K.-o.|K.o.|K. o.|k.o.", "ko k.o."),
        ("iPhone6s|iPhone 6s", "iphone apart"),
        ("G20|G-20|G 20", "g20 g-20"),
        ("A380|A-380|A 380", "a380 a-380"),
        ("Waf*|Wa*en|WA*EN|Köl*|Koe*ln", "arms"),
        ("! 3:2 --", "score"),
        ("!", ""),
    ],
)
def test_what_is_typed_in_one_way_finds_all(
    client: Elasticsearch, index: str, texts: str, keys: str
) -> None:
    for text in texts.split("|"):
        hits = [hit for hit in search(client, index, Query(text, size=50)).hits if not hit.loosened]
        assert {hit.id for hit in hits} == {*keys.split()}, text
        assert all(hit.reasons for hit in hits)
        assert all(any(shown.marks for shown in hit.highlights) for hit in hits), text


def _kql(field: str, words: str) -> dict[str, Any]:
    """A value of KQL as Kibana asks for it (``@kbn/es-query``, ``kuery/functions/is.ts``)."""
    phrase = words.startswith('"')
    words = words.strip('"')
    if "*" in words and not phrase:
        return {"query_string": {"query": words, **({"fields": [field]} if field else {})}}
    if not field:
        kind = "phrase" if phrase else "best_fields"
        return {"multi_match": {"type": kind, "query": words, "lenient": True}}
    return {"match_phrase" if phrase else "match": {field: words}}


@pytest.mark.parametrize(
    ("field", "words", "keys"),
    [
        ("text", '"3:2"', "score"),
        ("text", "10.000", THOUSANDS),
        ("text", "10 000", THOUSANDS),
        ("text", "50 %", "percent sign"),
        ("text", "H&M", "hm"),
        ("text", "C++", "cpp"),
        ("text", "Moody`s", "moody curly acute"),
        ("text", "§ 218", "par paragraf"),
        ("text", "vertrag", "treaties"),
        ("text", "LIEFERUNG", "treaties"),
        ("text", "Pilotin", "treaties"),
        ("text", "Koeln", "arms"),
        # One of the words is enough.
        ("text", "Koeln Vertrag", "arms treaties"),
        ("", "Koeln Vertrag", "arms treaties"),
        ("", '"die Verträge"', "treaties"),
        ("", "Waf*", "arms"),
        ("text.folded", "Vertr*ge", "treaties"),
        ("body.exact", '"die Verträge"', "treaties"),
        ("body.exact", '"die Vertrag"', ""),
    ],
)
def test_kibana_finds_the_same_words(
    client: Elasticsearch, index: str, field: str, words: str, keys: str
) -> None:
    query = _kql(field, words)
    hits = client.search(index=index, query=query, size=50, source=False)["hits"]["hits"]
    assert {hit["_id"] for hit in hits} == {*keys.split()}


def test_stems_are_those_of_the_index(client: Elasticsearch, index: str) -> None:
    texts = [path.read_text() for path in Path("seeds/articles").glob("*.txt")]
    words = sorted({word for text in texts for word in re.findall(r"[^\W\d_]+", text)})
    for analyzer, ours in (("name_query", folded), ("german_news_query", stem)):
        answer = client.indices.analyze(index=index, analyzer=analyzer, text=" ".join(words))
        theirs = {token["position"]: token["token"] for token in answer["tokens"]}
        # Stop words have no stem, and forms for both genders have several.
        assert len(theirs) > len(words) * 0.9
        for place, token in theirs.items():
            assert ours(words[place]) == token or "Innen" in words[place], words[place]
