"""Articles belong to the days of the place where they were written; what has no date comes last."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from elasticsearch import Elasticsearch

from articles.errors import UsageError
from extraction.formats.parse import parse
from indexing.searching.search import Query, Results, search
from indexing.writing.document import to_document
from indexing.writing.write import create

NOW = "2026-11-28T08:00:00.000000Z"
#: name -> the date as a file has it.
DATES = {
    "midnight": "2024-06-01T00:00:00+02:00",
    "evening": "2024-05-31T23:59:00+02:00",
    "utc": "2024-05-31T22:30:00Z",
    "new_york": "Fri, 31 May 2024 20:00:00 -0400",
    "local": "1. Juni 2024, 08:00 Uhr",
    "month": "2024-06",
    "future": "2203-04-01",
    "unread": "03/04/2024",
}


@pytest.fixture
def archive(client: Elasticsearch, index: str) -> Elasticsearch:
    texts = {name: f" date {day} K : {name}\n\nEin Text." for name, day in DATES.items()}
    articles = [
        (name, parse(text.encode(), f"{name}.txt", received=datetime(2026, 11, 28, tzinfo=UTC)))
        for name, text in texts.items()
    ]
    documents = [(name, to_document(article, NOW, NOW)) for name, article in articles]
    assert {fate.result for fate in create(client, index, documents, refresh=True)} == {"created"}
    return client


def found(results: Results) -> list[str]:
    return [hit.id for hit in results.hits]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("in:2024-06", {"midnight", "utc", "local", "month"}),
        ("in:2024-05", {"evening", "new_york"}),
        ("in:2024-06-01", {"midnight", "utc", "local", "month"}),
        ("before:1.6.2024", {"evening", "new_york"}),
        ("after:31.05.2024 before:2025", {"midnight", "utc", "local", "month"}),
        ('in:"1. Juni 2024"', {"midnight", "utc", "local", "month"}),
        ("in:2203", {"future"}),
    ],
)
def test_days_are_those_of_the_place(archive: Elasticsearch, text: str, names: set[str]) -> None:
    assert set(found(search(archive, "articles", Query(text)))) == names


def test_from_and_to_take_dates_as_the_filters_do(archive: Elasticsearch) -> None:
    for since, until in (("1.6.2024", "30.6.2024"), ("2024-06", "06/2024")):
        results = search(archive, "articles", Query(since=since, until=until))
        assert set(found(results)) == {"midnight", "utc", "local", "month"}
    with pytest.raises(UsageError, match="2024-04-03 or 2024-03-04"):
        search(archive, "articles", Query(since="03/04/2024"))


def test_the_latest_day_is_first_and_of_a_day_the_latest_moment(archive: Elasticsearch) -> None:
    """The evening in New York is later than the morning in Berlin, and a day before it."""
    results = search(archive, "articles", Query())
    # Nobody knows when on its day `month` was.
    dated = [name for name in found(results) if name != "month"]
    assert dated[:5] == ["local", "utc", "midnight", "new_york", "evening"]
    assert set(dated[5:]) == {"future", "unread"}


def test_what_is_shown_is_the_local_day(archive: Elasticsearch) -> None:
    shown = {hit.id: hit.published for hit in search(archive, "articles", Query()).hits}
    assert shown["midnight"] == "2024-06-01T00:00:00+02:00"
    assert shown["utc"] == "2024-06-01T00:30:00+02:00"
    assert (shown["future"], shown["unread"]) == ("2203-04-01", "")


def test_months_are_local_and_the_newest_is_first(archive: Elasticsearch) -> None:
    results = search(archive, "articles", Query())
    assert [(bucket.value, bucket.count) for bucket in results.facets["month"]] == [
        ("2024-06", 4),
        ("2024-05", 2),
    ]
    assert results.facet_values["month"] == 2
