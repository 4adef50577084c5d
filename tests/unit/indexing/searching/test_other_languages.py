"""English and French articles among German ones: found by their own forms."""

from __future__ import annotations

import json

import pytest
from elasticsearch import Elasticsearch

from extraction.formats.parse import parse
from extraction.text import Text
from extraction.understand import named, understood
from indexing.searching.foreign_marks import foreign_matches
from indexing.searching.search import Query, get, search
from indexing.searching.shown import Reason
from indexing.writing.document import enrichment_fields, to_document
from indexing.writing.write import create

NOW = "2026-01-01T00:00:00+00:00"
TEXTS = {
    "rules": (
        "Parties agree on a policy for the cities",
        "The ministers of both parties have signed it. Markets were waiting for the policies.",
    ),
    "herd": (
        "Les chevaux reviennent dans les vignes",
        "Les animaux sont moins lourds que les machines. Le village est content de la nouvelle.",
    ),
    "pakt": (
        "Die Minister unterzeichnen den Pakt",
        "In der City warten die Märkte auf den Vertrag, den die Parteien geschlossen haben.",
    ),
}


@pytest.fixture
def index(client: Elasticsearch, index: str) -> str:
    documents = []
    for key, (headline, body) in TEXTS.items():
        article = parse(json.dumps({"headline": headline, "body": body}).encode(), f"{key}.json")
        document = to_document(article, NOW, NOW)
        read = understood(named(Text(body=body, language=article.language or ""), []), {})
        documents.append((key, document | enrichment_fields(read, "p1", NOW)))
    assert {fate.result for fate in create(client, index, documents)} == {"created"}
    client.indices.refresh(index=index)
    return index


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("policy", ["rules"]),
        ("party city", ["rules"]),
        ("cheval", ["herd"]),
        ("animal vigne", ["herd"]),
        ("party near minister", ["rules"]),
        ("policy OR cheval", ["herd", "rules"]),
        ("waiting -policy", []),
        ("policy -machine", ["rules"]),
        ("Minister Pakt", ["pakt"]),
        ("policy AND cheval", []),
    ],
)
def test_articles_are_found_by_the_forms_of_their_language(
    client: Elasticsearch, index: str, text: str, expected: list[str]
) -> None:
    results = search(client, index, Query(text))
    assert sorted(hit.id for hit in results.hits if not hit.loosened) == expected
    assert not results.respelled


def test_most_of_the_words_are_enough_in_their_language(client: Elasticsearch, index: str) -> None:
    results = search(client, index, Query("policy party xylophone"))
    assert results.loosened
    assert [hit.id for hit in results.hits] == ["rules"]


def test_a_hit_shows_the_forms_that_it_was_found_by(client: Elasticsearch, index: str) -> None:
    (hit,) = search(client, index, Query("policy")).hits
    assert [shown.html() for shown in hit.highlights] == [
        "Markets were waiting for the <em>policies</em>."
    ]
    (hit,) = search(client, index, Query("cheval")).hits
    assert [shown.html() for shown in hit.highlights] == [
        "Les <em>chevaux</em> reviennent dans les vignes"
    ]


def test_a_hit_says_in_which_form_its_language_has_a_word(
    client: Elasticsearch, index: str
) -> None:
    (hit,) = search(client, index, Query("policy AND minister")).hits
    assert hit.reasons == [
        Reason("word", "policy", "policy"),
        Reason("form", "minister", "ministers"),
    ]


@pytest.mark.parametrize(
    ("word", "marked"),
    [
        ("house", ["Houses", "house"]),
        ("self-made", ["self-made"]),
        ("the", []),
        ("Hou*", []),
    ],
)
def test_marks_stand_where_python_counts_characters(
    client: Elasticsearch, index: str, word: str, marked: list[str]
) -> None:
    """Java counts some as two; and what is one word is marked only as one."""
    texts = {
        "language": "en",
        "headline": "😀 Houses",
        "body": "😀 The self and what is made: a self-made 😀 house",
    }
    matches = foreign_matches(client, index, [word], {"a": texts}).get("a", {})
    assert [
        texts[name][match.start : match.end] for name, each in matches.items() for match in each
    ] == marked


def test_nobody_is_asked_where_all_articles_are_german(client: Elasticsearch) -> None:
    assert foreign_matches(client, "none such", ["Haus"], {"a": {"language": "de"}}) == {}


def test_the_second_texts_are_for_searching_and_nobody_is_shown_them(
    client: Elasticsearch, index: str
) -> None:
    stored = client.get(index=index, id="herd")["_source"]
    assert stored["foreign"] == {"fr": list(TEXTS["herd"])}
    assert "foreign" not in (get(client, index, "herd") or {})
    assert "foreign" not in client.get(index=index, id="pakt")["_source"]


def test_a_document_says_why_nothing_was_read(client: Elasticsearch, index: str) -> None:
    """No names, quotes and dates of an English text is no finding; nor are words taken apart."""
    unread = search(client, index, Query("unread:language"))
    assert {hit.id for hit in unread.hits} == {"rules", "herd"}
    assert "parts" not in client.get(index=index, id="rules")["_source"]
    assert "unread" not in {
        name for name, value in client.get(index=index, id="pakt")["_source"].items() if value
    }
