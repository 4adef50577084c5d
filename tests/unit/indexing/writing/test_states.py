"""What is pending, what failed, and how many: read from an index in memory."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from articles.errors import ServiceUnavailable, UsageError
from indexing.index import point_in_time
from indexing.writing import reenrich, states
from indexing.writing.states import Counts, Failure, Origin
from indexing.writing.stored import by_id, fetch_texts
from indexing.writing.write import create
from tests.fakes.elastic import FakeElasticsearch


def put(client: Elasticsearch, index: str, key: str, state: str, age: int = 0, **mark: Any) -> None:
    at = (datetime.now(UTC) - timedelta(seconds=age)).isoformat()
    document = {
        "received_at": at,
        "indexed_at": at,
        "source": {"path": f"{key}.txt", "sha256": "ab"},
        "enrichment": {"state": state, "at": at, "attempts": 3, **mark},
    }
    (fate,) = create(client, index, [(key, document)], refresh=True)
    assert fate.result == "created"


def test_documents_are_counted_by_state_and_by_the_last_minute(
    client: Elasticsearch, index: str
) -> None:
    put(client, index, "a", "pending")
    put(client, index, "b", "pending", 100)
    put(client, index, "c", "enriched")
    put(client, index, "d", "enriched", 100)
    for key in "efg":
        put(client, index, key, "failed", 100, error="kaputt" if key != "g" else "leer")
    assert states.counts(client, index) == Counts(
        total=7,
        pending=2,
        enriched=2,
        failed=3,
        indexed_last_minute=2,
        enriched_last_minute=1,
        failures={"kaputt": 2, "leer": 1},
    )


def test_what_is_to_be_read_again_counts_as_pending(client: Elasticsearch, index: str) -> None:
    for key, state in {"a": "pending", "b": "enriched", "c": "enriched", "d": "failed"}.items():
        put(client, index, key, state)
    every = reenrich.stale((), everything=True)
    assert reenrich.ask(client, index, every, "2024-06-20T10:00:00Z") == 2
    put(client, index, "e", "enriched", request=1)
    now = states.counts(client, index)
    assert (now.total, now.pending, now.enriched, now.failed, now.again) == (5, 3, 1, 1, 2)


@pytest.mark.parametrize("status", [400, 500, 503])
def test_a_request_that_cannot_be_counted_keeps_nobody_from_the_other_numbers(
    client: Elasticsearch, index: str, fake: FakeElasticsearch, status: int
) -> None:
    """Red before: `status` ended with a traceback, or called Elasticsearch away, all the time."""
    put(client, index, "a", "pending")
    put(client, index, "b", "enriched")
    assert (
        reenrich.ask(client, index, reenrich.stale((), everything=True), "2024-06-20T10:00:00Z")
        == 1
    )
    fake.refuse("_search", status, "too_many_clauses")
    now = states.counts(client, index)
    assert (now.total, now.pending, now.enriched, now.again) == (2, 1, 1, 0)


def test_a_fresh_count_sees_what_was_just_written(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    put(client, index, "a", "pending")
    fake.store.single(index).visible = []
    assert states.counts(client, index).total == 0
    assert states.counts(client, index, fresh=True).total == 1


def test_failures_are_told_latest_first_and_in_all(client: Elasticsearch, index: str) -> None:
    for number in range(3):
        put(client, index, f"f{number}", "failed", 10 - number, error=f"Fehler {number}")
    put(client, index, "p", "pending")
    latest, before = states.failed(client, index, 2)
    assert (latest.id, latest.path, latest.error, latest.attempts) == (
        "f2",
        "f2.txt",
        "Fehler 2",
        3,
    )
    assert before.id == "f1"
    assert {failure.id for failure in states.all_failed(client, index)} == {"f0", "f1", "f2"}


def test_a_failure_without_a_reason_is_one_too(client: Elasticsearch, index: str) -> None:
    document = {"enrichment": {"state": "failed"}, "received_at": "2024-06-20T10:00:00Z"}
    list(create(client, index, [("bare", document)], refresh=True))
    assert states.failed(client, index) == [Failure("bare", "", "", "", 0)]


def test_every_document_has_its_origin_however_many_there_are(
    client: Elasticsearch, index: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(point_in_time, "_PAGE", 2)
    for number in range(5):
        put(client, index, f"d{number}", "enriched", pipeline="p1")
    list(create(client, index, [("bare", {"headline": "x"})]))
    read = list(states.origins(client, index))
    assert [len(page) for page in read] == [2, 2, 2]
    origins = {origin.id: origin for page in read for origin in page}
    assert origins["d0"].path == "d0.txt"
    assert (origins["d0"].state, origins["d0"].pipeline, origins["d0"].sha256) == (
        "enriched",
        "p1",
        "ab",
    )
    assert origins["bare"] == Origin("bare", "", "", "", "", "")


def test_pages_are_of_one_moment(client: Elasticsearch, index: str) -> None:
    put(client, index, "a", "pending")
    pages = point_in_time.pages(client, index, {"match_all": {}}, source=["received_at"])
    first = next(pages)
    put(client, index, "b", "pending")
    assert [hit["_id"] for hit in first] == ["a"]
    assert list(pages) == []


def test_what_exists_is_asked_by_id(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    put(client, index, "a", "pending")
    put(client, index, "b", "enriched")
    fake.store.single(index).visible = []
    assert states.existing(client, index, ["a", "b", "c"]) == {"a", "b"}
    assert states.existing(client, index, []) == set()


def test_texts_are_as_last_written(client: Elasticsearch, index: str) -> None:
    document = {"headline": "H", "published": "2024", "dateline_place": ["Bonn"], "story": "s"}
    list(create(client, index, [("a", document)]))
    (stored,) = fetch_texts(client, index, ["a", "gone"])
    assert stored.texts == {"kicker": "", "headline": "H", "lead": "", "body": ""}
    assert (stored.state, stored.attempts, stored.pipeline) == ("pending", 0, "")
    assert (stored.published, stored.dateline_places, stored.story) == ("2024", ("Bonn",), "s")


def test_a_document_that_cannot_be_read_looks_not_like_one_that_is_not_there(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    with pytest.raises(UsageError, match="index create"):
        by_id(client, "nowhere", ["a"], ["story"])
    unread = {"docs": [{"_id": "a", "error": {"type": "no_shard_available_action_exception"}}]}
    fake.answer_with("_mget", unread)
    with pytest.raises(ServiceUnavailable, match="no_shard"):
        by_id(client, index, ["a"], ["story"])
