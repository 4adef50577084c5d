"""Reading what a person typed, and reading what Elasticsearch answered."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.errors import UsageError
from indexing.searching.query import Query, check, clauses, is_surname
from indexing.searching.results import to_hits
from indexing.searching.syntax import Terms, parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vertrag Putin", Terms("Vertrag Putin", (), (), ())),
        ('"der Vertrag" Putin', Terms("Putin", ("der Vertrag",), (), ())),
        ("„der Vertrag“ »nie wieder«", Terms("", ("der Vertrag", "nie wieder"), (), ())),
        ("Putin -Merkel", Terms("Putin", (), ("Merkel",), ())),
        ('-"Angela Merkel"', Terms("", (), (), ("Angela Merkel",))),
        ("Müller-Lüdenscheidt", Terms("Müller-Lüdenscheidt", (), (), ())),
        ('""', Terms("", (), (), ())),
        ("  ", Terms("", (), (), ())),
    ],
)
def test_text_is_split_into_words_phrases_and_exclusions(text: str, expected: Terms) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    "query",
    [
        Query("x" * 2001),
        Query(size=-1),
        Query(offset=-1),
        Query(size=10, offset=9_995),
    ],
)
def test_what_elasticsearch_would_refuse_is_refused_in_words(query: Query) -> None:
    with pytest.raises(UsageError):
        check(query)


@pytest.mark.parametrize(
    "query",
    [
        Query(since="gestern"),
        Query(until="2024-13"),
        Query(since="2024-06-19T12:00:00Z"),
        Query(since="2025", until="2024"),
        Query(since="2024-07", until="2024-06-30"),
    ],
)
def test_dates_that_cannot_be_are_refused_in_words(query: Query) -> None:
    with pytest.raises(UsageError, match=r"is no date|lies after"):
        clauses(query, [])


def test_a_range_within_one_month_is_allowed() -> None:
    found = clauses(Query(since="2024-06", until="2024-06"), [])["bool"]["filter"]
    assert found == [
        {
            "range": {
                "published_range": {
                    "relation": "intersects",
                    "gte": "2024-06-01",
                    "lt": "2024-07-01",
                }
            }
        }
    ]


def test_only_a_single_word_for_a_person_is_a_surname() -> None:
    assert is_surname("people", "Putin")
    assert is_surname("quoted_people", "Putin")
    assert not is_surname("people", "Wladimir Putin")
    assert not is_surname("places", "Berlin")


def test_a_hit_knows_the_copies_behind_it() -> None:
    ranked = [
        {"_id": "1", "_score": 2.0, "fields": {"story": ["s"]}},
        {"_id": "2", "_score": 1.0},
        {"_id": "gone", "_score": 1.0},
    ]
    documents = {key: {"_id": key, "_source": {}} for key in "12"}
    hits = to_hits(ranked, documents, {"s": 3}, {})
    assert [(hit.id, hit.score, hit.story, hit.copies) for hit in hits] == [
        ("1", 2.0, "s", 2),
        ("2", 1.0, "", 0),
    ]


PIECES = [*'"„(-!*/~\\', "||", "Wien", "3:2", "10 000", "50 %", "§", "H&M", "C++", "Wa*en", "#x"]
FILTERS = ["undated:", "person:x", "NOT", "in:", "http://x.at"]


@given(st.text(max_size=60) | st.lists(st.sampled_from(PIECES + FILTERS), max_size=8).map(" ".join))
def test_any_text_is_a_query_or_is_explained(text: str) -> None:
    with suppress(UsageError):
        query = Query(text)
        check(query)
        for wanted in ("all", "most", "some"):
            clause = clauses(query, [], wanted)
            json.dumps(clause)
            asked = parse(text) or not text.strip()
            assert asked or clause == {"match_none": {}}
