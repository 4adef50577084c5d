"""Which documents enrichment is to be told of: read from an index in memory."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from articles.errors import ServiceUnavailable, UsageError
from indexing.index import answers, shared_rules
from indexing.writing import due, reenrich, states
from indexing.writing.reenrich import Requests
from indexing.writing.write import create
from tests.fakes.elastic import FakeElasticsearch

AT = "2024-06-20T10:00:00Z"
EVERY = reenrich.stale((), everything=True)


def put(client: Elasticsearch, index: str, key: str, state: str, age: int = 0, **mark: Any) -> None:
    at = (datetime.now(UTC) - timedelta(seconds=age)).isoformat()
    document = {"received_at": at, "enrichment": {"state": state, "attempts": 3, **mark}}
    (fate,) = create(client, index, [(key, document)], refresh=True)
    assert fate.result == "created"


def test_pending_are_the_oldest_first_without_those_known(
    client: Elasticsearch, index: str
) -> None:
    for key, age in {"new": 1, "old": 9, "mid": 5}.items():
        put(client, index, key, "pending", age)
    put(client, index, "done", "enriched", 99)
    assert due.waiting(client, index, 9).pending == ["old", "mid", "new"]
    assert due.waiting(client, index, 1).pending == ["old"]
    assert due.waiting(client, index, 1, {"old"}).pending == ["mid"]


def test_what_was_written_just_now_is_pending_too(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    put(client, index, "a", "pending")
    fake.store.single(index).visible = []
    assert due.waiting(client, index, 9) == (["a"], Requests())


def test_a_look_is_three_requests_whatever_is_asked_to_be_read_again(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    put(client, index, "a", "enriched")
    for count in (0, 1):
        fake.asked.clear()
        assert len(due.waiting(client, index, 9).requests.open) == count
        assert [line.rpartition("/")[2] for line in fake.asked] == [
            "_refresh", "_msearch", "_msearch",
        ]  # fmt: skip
        reenrich.ask(client, index, EVERY, AT)


@pytest.mark.parametrize(
    "text",
    [
        *("", "[]", "{}", '{"latest": 1}', '{"latest": 1, "open": [{}]}', '{"open": 1}'),
        # Above the latest, which is what documents get: it would be due for ever.
        '{"latest": 1, "open": [{"number": 2, "query": {"match_all": {}}, "at": ""}]}',
        # Each would be a request in every look.
        json.dumps({"latest": 1, "open": [{"number": 1, "query": {}, "at": ""}] * 1_001}),
    ],
)
def test_what_another_program_wrote_asks_for_nothing_and_holds_nothing_up(
    client: Elasticsearch, index: str, text: str
) -> None:
    put(client, index, "a", "pending")
    shared_rules.write(client, index, text, None, reenrich.ID)
    assert due.waiting(client, index, 9) == (["a"], Requests())
    assert reenrich.known(client, index) == Requests()
    with pytest.raises(UsageError, match=r"[Aa]nother program"):
        reenrich.ask(client, index, EVERY, AT) or reenrich.read(client, index)


def test_what_another_program_wrote_is_not_read_where_it_is_too_much(
    client: Elasticsearch, index: str, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: lists in lists in the place of its text were read, each second."""
    monkeypatch.setattr(answers, "MOST_WITHOUT_TEXTS", 100_000)
    put(client, index, "a", "pending")
    shared_rules.make(client, index)
    lists: dict[str, Any] = {"text": [[]] * 10_000}
    fake.store.single(shared_rules.name(index)).put(reenrich.ID, lists)
    assert due.waiting(client, index, 9) == (["a"], Requests())
    assert reenrich.known(client, index) == Requests()
    with pytest.raises(UsageError, match=r"Another program wrote .*: .*too much"):
        reenrich.read(client, index)


@pytest.mark.parametrize(
    ("status", "kind", "error"),
    [
        (503, "search_phase_execution_exception", ServiceUnavailable),
        (403, "security_exception", UsageError),
        (404, "index_not_found_exception", UsageError),
    ],
)
def test_a_fault_of_the_one_search_is_told(
    client: Elasticsearch,
    index: str,
    fake: FakeElasticsearch,
    status: int,
    kind: str,
    error: type[Exception],
) -> None:
    fault = {"error": {"type": kind, "reason": "so"}, "status": status}
    fake.answer_with("_msearch", json.loads(json.dumps({"responses": [fault]})))
    with pytest.raises(error):
        due.waiting(client, index, 9)


def test_what_is_due_comes_in_slices_until_nothing_is_left(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    for key in "abc":
        put(client, index, key, "enriched")
    put(client, index, "p", "pending")
    reenrich.ask(client, index, EVERY, AT)
    (request,) = due.waiting(client, index, 9).requests.open
    first, finished = due.due(client, index, request, 2)
    assert (len(first), finished) == (2, False)
    rest = {*"abc"} - {*first}
    assert {*due.due(client, index, request, 9, first).ids} == rest
    assert due.due(client, index, request, 9, "abc") == ([], False)
    for key in "abc":
        fake.store.single(index).update(key, {"enrichment": {"request": 1}})
    client.indices.refresh(index=index)
    assert due.due(client, index, request, 9) == ([], True)


def test_what_is_still_due_is_asked_by_id(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    put(client, index, "a", "pending")
    put(client, index, "b", "enriched", pipeline="p1")
    put(client, index, "c", "enriched", pipeline="p2")
    reenrich.ask(client, index, reenrich.stale(["p2"], everything=False), AT)
    fake.store.single(index).visible = []
    ids = ["gone", "c", "b", "a"]
    assert due.still_due(client, index, ids, Requests()) == ["a"]
    assert due.still_due(client, index, ids, reenrich.read(client, index)) == ["b", "a"]


@pytest.mark.parametrize("depth", range(22, 31))
def test_a_query_nested_almost_too_deep_keeps_nobody_from_counting(
    client: Elasticsearch, index: str, depth: int
) -> None:
    """Where others ask for it one level deeper, Elasticsearch takes it no more."""
    put(client, index, "a", "enriched")
    query: dict[str, Any] = {"match_all": {}}
    for _ in range(depth):
        query = {"bool": {"filter": [query]}}
    text = reenrich.written(Requests(1, (reenrich.Request(1, query, AT),)))
    assert shared_rules.write(client, index, text, None, reenrich.ID)
    requests = reenrich.known(client, index)
    again = len(requests.open)
    assert states.counts(client, index).again == again
    assert due.still_due(client, index, ["a"], requests) == ["a"] * again
    assert again == (depth < 26)
