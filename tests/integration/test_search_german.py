"""Inflection, spellings, compounds and names, on a real Elasticsearch."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch

from indexing.index import foreign
from indexing.searching.search import Query, search
from indexing.searching.spelling import spellings
from tests.integration.conftest import filled

#: Stems that are no words.
WHOLE = {"choos": "choose", "fli": "fly", "freez": "freeze", "goos": "goose", "mous": "mouse"}
ENGLISH = "Wolves return to the houses of the village"
TEXTS = {
    "pakt": "Ein Verteidigungspakt für Asien\n\nDie Minister loben ihn.",
    "munition": "Streit um Munitionslieferungen\n\nDie Opposition widerspricht.",
    "lieferung": "Hilfe angekündigt\n\nDie Lieferung von Munition beginnt im Mai.",
    "museum": "Ein neues Museum\n\nIn Köln wird gebaut, die Grünstraße ist gesperrt.",
    "museen": "Eintritt frei\n\nDie Museen öffnen am 3. Oktober 2024 um 9.30 Uhr.",
    "shin": "Besuch in Seoul\n\nShin Won-sik empfing Ursula von der Leyen.",
    "gefasst": "Kriegsverbrecher gefasst\n\nRadovan Karadžić sitzt in Haft, sein Prozess beginnt.",
    "wolves": f"{ENGLISH}\n\nAngry shepherds counted the sheep that the wolves had stolen. "
    "\U0001f600 The U.S. paper says 3:2.",
    "chevaux": "Des chevaux dans les vignes\n\nL'incendie a touché les vignerons du village.",
    "athen": "Φωτιά στην Αθήνα\n\nΟι πυροσβέστες σώζουν τους κατοίκους της πόλης.",
    "krieg": " date 1999-06 Erinnerung\n\nDer Kosovo-Krieg endete 1999, 3,5 Millionen hofften.",
}


@pytest.fixture(scope="module")
def index(client: Elasticsearch) -> Iterator[str]:
    with filled(client, TEXTS) as alias:
        yield alias


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Pakt", ["pakt"]),
        ("pakte", ["pakt"]),
        ("Lieferung Munition", ["lieferung", "munition"]),
        ("Munitionslieferung", ["munition", "lieferung"]),
        ("munitionslieferungen", ["munition", "lieferung"]),
        ("Museum", ["museum", "museen"]),
        ("Museen", ["museen", "museum"]),
        ("Shin Won Sik", ["shin"]),
        ("Shin Won-sik", ["shin"]),
        ('"Shin Won Sik"', ["shin"]),
        ("von der Leyen", ["shin"]),
        ("der Pakt", ["pakt"]),
        ("Gruenstrasse", ["museum"]),
        ("Koeln", ["museum"]),
        ("Kosovokrieg", ["krieg"]),
        ("Kosovo-Krieg", ["krieg"]),
        ("3,5 Millionen", ["krieg"]),
        ("3. Oktober 2024", ["museen"]),
        ("Munition -Lieferung", ["munition"]),
        ("Verteidig*", ["pakt"]),
        ("Koel*", ["museum"]),
        ("Kosovo Million*", ["krieg"]),
        ("Karadzic", ["gefasst"]),
        ("Haftprozess", ["gefasst"]),
        ("Opposition Quastenflosser Munitionslieferungen", ["munition"]),
        ("Opposition Quastenflosser", ["munition"]),
        ("Opposition AND Quastenflosser", []),
        ("house", ["wolves"]),
        ("who was stealing the wolf", ["wolves"]),
        ("shepherd near wolf", ["wolves"]),
        ("wolf -houses", []),
        ("3:2 US papers", ["wolves"]),
        ("cheval", ["chevaux"]),
        ("vigneron incendies", ["chevaux"]),
        ('"incendie a touché"', ["chevaux"]),
        ("ΦΩΤΙΑ ΑΘΗΝΑ", ["athen"]),
    ],
)
def test_words_find_their_forms_best_first(
    client: Elasticsearch, index: str, text: str, expected: list[str]
) -> None:
    assert [hit.id for hit in search(client, index, Query(text)).hits] == expected


def test_a_compound_is_marked_by_its_part(client: Elasticsearch, index: str) -> None:
    (hit,) = search(client, index, Query("Pakt")).hits
    assert [shown.html() for shown in hit.highlights] == [
        "Ein <em>Verteidigungspakt</em> für Asien"
    ]
    hits = {hit.id: hit for hit in search(client, index, Query("Munitionslieferung")).hits}
    assert [shown.html() for shown in hits["lieferung"].highlights] == [
        "Die <em>Lieferung</em> von <em>Munition</em> beginnt im Mai."
    ]


def test_words_of_other_languages_are_marked_in_their_forms(
    client: Elasticsearch, index: str
) -> None:
    shown = {
        text: [mark.html() for mark in search(client, index, Query(text)).hits[0].highlights]
        for text in ("steal shepherd", "house", "incendie village", "3:2 US papers")
    }
    assert shown == {
        "steal shepherd": [
            "Angry <em>shepherds</em> counted the sheep that the wolves had <em>stolen</em>."
        ],
        "house": ["Wolves return to the <em>houses</em> of the village"],
        "incendie village": [
            "<em>L&#x27;incendie</em> a touché les vignerons du <em>village</em>."
        ],
        "3:2 US papers": ["\U0001f600 The <em>U.S</em>. <em>paper</em> says <em>3:2</em>."],
    }


def test_irregular_forms_lead_to_the_stem_of_their_word(client: Elasticsearch, index: str) -> None:
    """Else `choose` would not find `chose`, whatever stands behind the arrow."""
    for language in ("english", "french"):
        rules = foreign.FILTERS[f"{language}_forms"]["rules"]
        stems = [rule.partition("=>")[2] for rule in rules]
        words = [WHOLE.get(stem, stem) for stem in stems]
        answer = client.indices.analyze(index=index, analyzer=f"{language}_news_query", text=words)
        assert [token["token"] for token in answer["tokens"]] == stems


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in:1999", {"krieg"}),
        ("Kosovo after:1999-05", {"krieg"}),
        ("Kosovo before:1999-06", set()),
        ("Kosovo after:1999-06", set()),
        ("Kosovo -place:Seoul", {"krieg"}),
        ("Kosovo agency:dpa", set()),
    ],
)
def test_filters_in_the_text_combine_with_words(
    client: Elasticsearch, index: str, text: str, expected: set[str]
) -> None:
    assert {hit.id for hit in search(client, index, Query(text)).hits} == expected


@pytest.mark.parametrize(
    ("text", "expected", "asked"),
    [
        ("Munitionslieferugen", "munition", "munitionslieferungen"),
        ("Museeun in Köln", "museum", "museen"),
        ("Lieferung, Muniton", "lieferung", "munition"),
    ],
)
def test_a_misspelt_word_finds_and_is_told(
    client: Elasticsearch, index: str, text: str, expected: str, asked: str
) -> None:
    results = search(client, index, Query(text))
    assert expected in {hit.id for hit in results.hits}
    assert list(results.respelled.values()) == [asked]
    assert asked in results.hints[0]
    assert search(client, index, Query(asked)).respelled == {}


def test_what_nobody_writes_finds_nothing(client: Elasticsearch, index: str) -> None:
    results = search(client, index, Query("Xyzzyqua"))
    assert (results.total, results.respelled) == (0, {})


def test_exact_beats_inflected_beats_compound(client: Elasticsearch) -> None:
    texts = {
        "part": "Nachricht\n\nDer Tarifvertrag gilt seit gestern.",
        "form": "Nachricht\n\nDer neue Vertrag gilt seit gestern.",
        "same": "Nachricht\n\nDie Verträge gelten alle seit gestern.",
    }
    assert found_alone(client, texts, "Verträge") == ["same", "form", "part"]


def test_headline_beats_lead_beats_body(client: Elasticsearch) -> None:
    texts = {
        "body": "Nachricht\n\nEs ist so weit.\n\nDer Vertrag steht.",
        "lead": "Nachricht\n\nDer Vertrag steht.\n\nEs ist so weit.",
        "headline": "Vertrag steht\n\nEs ist so weit.\n\nSo ist es.",
    }
    assert found_alone(client, texts, "Vertrag") == ["headline", "lead", "body"]


def found_alone(client: Elasticsearch, texts: dict[str, str], query: str) -> list[str]:
    with filled(client, texts) as alias:
        return [hit.id for hit in search(client, alias, Query(query)).hits]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Munitin", {"Munitin": "munition"}),
        ("Oposition widerspricht", {"Oposition": "opposition"}),
        ("Museen", {}),
        ("Pakt", {}),
        ("Quastenflosser", {}),
        ('"Oposition" -Munitin', {}),
    ],
)
def test_only_words_that_no_article_has_are_respelled(
    client: Elasticsearch, index: str, text: str, expected: dict[str, str]
) -> None:
    nearest = next((spelling.words for spelling in spellings(client, index, text)), {})
    assert nearest == expected
