"""What Elasticsearch would end of to update: it reads the whole document, whatever is changed."""

from __future__ import annotations

from typing import Any

import pytest
from elasticsearch import Elasticsearch

from articles.article import Copy
from articles.errors import UsageError
from indexing.index import answers
from indexing.writing import copies, stories
from indexing.writing.stored import fetch_texts
from indexing.writing.write import Update, create, enriched, mark_failed, set_pending
from tests.fakes.elastic import FakeElasticsearch

MOST = 1_000
NEW = {"story": "new"}


@pytest.fixture(autouse=True)
def _few_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "MOST_VALUES", MOST)


def put(client: Elasticsearch, index: str, state: str = "pending", **large: Any) -> None:
    """``b`` is as another client has made it, ``a`` and ``c`` are as they are."""
    made = {"headline": "Eine Zeile", "story": "old", "enrichment": {"state": state}}
    made |= {"source": {"path": "a.txt", "site": "here"}}
    each = [("a", made), ("b", made | large), ("c", made)]
    assert {f.result for f in create(client, index, each, refresh=True)} == {"created"}


LISTS: dict[str, Any] = {"by_hand": [{"field": "headline", "x": [[[]]] * MOST}]}


def test_it_is_not_asked_to_and_others_in_one_request_are(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    put(client, index, **LISTS)
    read = {stored.id: stored for stored in fetch_texts(client, index, [*"abc"])}
    updates = [Update(s.id, s.seq_no, s.primary_term, NEW) for s in read.values()]
    fates = enriched(client, index, updates)
    assert [fate.result for fate in fates] == ["updated", "rejected", "updated"]
    assert "too large to be updated" in fates[1].reason
    assert [fake.source(key)["story"] for key in "abc"] == ["new", "old", "new"]
    fake.asked.clear()
    assert not mark_failed(client, index, read["b"], "why", "2024-06-20T10:00:00Z")
    assert not any("_bulk" in line or "_update" in line for line in fake.asked)


def test_nor_where_it_is_put_into_a_story_or_lies_elsewhere_too(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    put(client, index, **LISTS)
    stories.put_into(client, index, "new", ["old"])
    assert copies.note(client, index, [("b", Copy("there", "a.txt", "a"))]) == {}
    assert [fake.source(key)["story"] for key in "abc"] == ["new", "old", "new"]
    assert "copies" not in fake.source("b")


def test_others_are_tried_again_and_it_is_named(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    put(client, index, "failed", **LISTS)
    with pytest.raises(UsageError, match=r"2 are pending again\. .* refuses to update b: too la"):
        set_pending(client, index)
    states = [fake.source(key)["enrichment"]["state"] for key in "abc"]
    assert states == ["pending", "failed", "pending"]


def test_whose_very_texts_are_so_is_left_out_of_what_is_read(
    client: Elasticsearch, index: str
) -> None:
    put(client, index, body=["x"] * 2 * MOST)
    assert [stored.id for stored in fetch_texts(client, index, [*"abc"])] == ["a", "c"]


def test_those_that_are_too_much_together_are_updated_one_after_the_other(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    """Red before: each was let through by itself, and then all went into one request."""
    half: dict[str, Any] = {"by_hand": [{"field": "headline", "x": [[[]]] * (MOST // 6)}]}
    each = [(key, {"headline": "Eine Zeile", **half}) for key in "abcdef"]
    assert {fate.result for fate in create(client, index, each, refresh=True)} == {"created"}
    read = fetch_texts(client, index, [*"abcdef"])
    fake.asked.clear()
    fates = enriched(client, index, [Update(s.id, s.seq_no, s.primary_term, NEW) for s in read])
    assert [fate.result for fate in fates] == ["updated"] * 6
    assert sum("_bulk" in line for line in fake.asked) > 1
    assert {fake.source(key)["story"] for key in "abcdef"} == {"new"}
