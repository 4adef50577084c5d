"""Reading what a person typed, and reading what Elasticsearch answered."""

import pytest

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


def highlights(**found: list[str]) -> list[str]:
    document = {"_id": "1", "_source": {"headline": "H"}, "highlight": found}
    (hit,) = to_hits([{"_id": "1", "_score": None}], {"1": document}, {}, ("<em>", "</em>"))
    return [highlight.html() for highlight in hit.highlights]


def test_the_sentences_with_most_matches_are_shown() -> None:
    body = [f"<em>a</em> {n}" for n in range(3)] + ["<em>b</em> und <em>a</em>", "<em>c</em>"]
    assert highlights(lead=["<em>a</em> vorn"], body=body) == [
        "<em>a</em> vorn",
        "<em>a</em> 0",
        "<em>b</em> und <em>a</em>",
    ]


def test_a_hit_knows_the_copies_behind_it() -> None:
    ranked = [
        {"_id": "1", "_score": 2.0, "fields": {"story": ["s"]}},
        {"_id": "2", "_score": 1.0},
        {"_id": "gone", "_score": 1.0},
    ]
    documents = {key: {"_id": key, "_source": {}} for key in "12"}
    hits = to_hits(ranked, documents, {"s": 3}, ("<em>", "</em>"))
    assert [(hit.id, hit.score, hit.story, hit.copies) for hit in hits] == [
        ("1", 2.0, "s", 2),
        ("2", 1.0, "", 0),
    ]


def test_sentences_of_lead_and_body_come_before_the_headline() -> None:
    assert highlights(body=["b <em>x</em>"], lead=["l"], headline=["h"]) == ["l", "b <em>x</em>"]
    assert highlights(headline=["<em>h</em>"]) == ["<em>h</em>"]


def test_a_text_without_sentences_is_cut_around_the_match() -> None:
    (cut,) = highlights(body=["wort " * 2000 + "<em>Treffer</em> " + "wort " * 2000])
    assert "<em>Treffer</em>" in cut
    assert len(cut) < 620
    assert cut.startswith("… wort ")
    assert cut.endswith(" wort …")


def test_a_single_endless_word_is_cut_too() -> None:
    (cut,) = highlights(body=["<em>" + "x" * 5000 + "</em>"])
    assert len(cut) < 620
