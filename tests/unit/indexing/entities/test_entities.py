"""Entities, rankings, likeness, collapse and export: what needs no Elasticsearch."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.errors import UsageError
from indexing.entities.entity_roles import ObservedRole, roles, variants
from indexing.entities.ranking import windows
from indexing.searching.collapse import has_single, merged
from indexing.searching.export import fields_of, header, line
from indexing.searching.results import Bucket
from indexing.searching.similar import likeness
from worker.commands.entity import bars

TODAY = date(2026, 1, 31)


def mention(name: str, surface: str, role: str = "", of: str = "") -> dict[str, str]:
    return {"label": "PER", "name": name, "surface": surface, "role": role, "role_of": of}


def test_roles_count_articles_and_forms_count_mentions() -> None:
    documents: list[dict[str, Any]] = [
        {"published": "2024-06", "mentions": [mention("A B", "B", "Chef"), mention("C", "C")]},
        {"mentions": [mention("A B", "A\nB", "Chef"), mention("A B", "B", "Chef", "X")]},
        {},
    ]
    assert roles(documents, "PER", "A B") == [
        ObservedRole("Chef", "", 2, "2024-06"),
        ObservedRole("Chef", "X", 1, ""),
    ]
    assert variants(documents, "PER", "A B") == [Bucket("B", 2), Bucket("A B", 1)]
    assert roles(documents, "ORG", "A B") == []


@pytest.mark.parametrize(
    ("since", "until", "window", "before"),
    [
        ("2024-06", "2024-06", ("2024-06-01", "2024-06-30"), ("2024-05-02", "2024-05-31")),
        ("2024", "2024", ("2024-01-01", "2024-12-31"), ("2022-12-31", "2023-12-31")),
        ("2026-01-31", None, ("2026-01-31", "2026-01-31"), ("2026-01-30", "2026-01-30")),
        ("2030", None, ("2030-01-01", "2030-01-01"), ("2029-12-31", "2029-12-31")),
    ],
)
def test_windows(
    since: str, until: str | None, window: tuple[str, str], before: tuple[str, str]
) -> None:
    assert windows(since, until, TODAY) == (window, before)


def test_no_window_before_without_a_beginning_or_before_all_time() -> None:
    assert windows(None, "2024", TODAY) is None
    assert windows("0001", "9999", TODAY) is None
    for wrong in ("soon", "2024-13", "2024-02-30"):
        with pytest.raises(UsageError):
            windows(wrong, None, TODAY)
        with pytest.raises(UsageError):
            windows("2024", wrong, TODAY)


def test_likeness_leaves_the_story_out_and_places_alone_are_not_alike() -> None:
    document = {"story": "s", "people": ["A"], "places": ["Berlin"]}
    found = likeness("articles", "1", document)["bool"]
    assert found["must_not"] == [{"ids": {"values": ["1"]}}, {"term": {"story": "s"}}]
    assert "places" not in json.dumps(found["must"])
    assert "Berlin" in json.dumps(found["should"])
    assert len(likeness("articles", "1", {})["bool"]["must_not"]) == 1


def hit(key: str, *sort: float) -> dict[str, Any]:
    return {"_id": key, "sort": list(sort)}


def stories(*hits: dict[str, Any], alone: int) -> dict[str, Any]:
    counts = {"_stories": {"value": 2}, "_alone": {"doc_count": alone}, "people": {"x": 1}}
    return {"hits": {"hits": list(hits), "total": {"value": 4}}, "aggregations": counts, "took": 1}


def test_two_searches_become_one_page() -> None:
    first = stories(hit("a", 9.0, 5, 1), hit("b", 2.0, 7, 0), alone=1)
    single = {"hits": {"hits": [hit("c", 9.0, 6, 2)]}, "took": 2}
    page = merged([first, single], 2, 0, 2)
    assert [one["_id"] for one in page.hits] == ["c", "a"]
    assert (page.total, page.articles, page.took_ms) == (3, 5, 3)
    assert page.facets == {"people": {"x": 1}}
    assert [one["_id"] for one in merged([first, single], 2, 2, 2).hits] == ["b"]


def test_equal_hits_stay_in_the_order_of_elasticsearch() -> None:
    equal = [hit(str(n), 1.0, 0, n) for n in range(9)]
    one = merged([stories(*equal[:4], alone=0)], 2, 0, 4).hits
    two = merged([stories(*equal[:8], alone=0)], 2, 4, 4).hits
    assert [*one, *two] == equal[:8]


def test_articles_without_a_story_are_asked_for_only_if_there_are_any() -> None:
    assert has_single(stories(alone=1))
    assert not has_single(stories(alone=0))


def test_no_export_of_fields_that_do_not_exist() -> None:
    assert fields_of("source.path,id") == ("source.path", "id")
    with pytest.raises(UsageError, match="no field 'text'"):
        fields_of("text")


def test_what_a_spreadsheet_would_run_is_text() -> None:
    row = next(csv.reader([line("csv", {"a": "=1+1", "b": ["@x", "y"], "c": None, "d": {"e": 1}})]))
    assert row == ["'=1+1", "'@x; y", "", '{"e": 1}']


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1))
def test_every_article_is_one_record(values: list[str]) -> None:
    article = {str(n): value for n, value in enumerate(values)}
    assert json.loads(line("jsonl", article)) == article
    assert line("jsonl", article).count("\n") == 1
    rows = list(csv.reader(io.StringIO(header("csv", list(article)) + line("csv", article), "")))
    assert [value.removeprefix("'") for value in rows[1]] == [v.removeprefix("'") for v in values]


def test_bars_are_as_long_as_their_counts() -> None:
    assert [one.count("█") for one in bars([Bucket("1", 4), Bucket("2", 0), Bucket("3", 2)])] == [
        40,
        20,
    ]
    assert bars([]) == []
