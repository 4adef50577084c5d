"""Writing documents: the fate of each, conditions, marks; against an index in memory."""

from __future__ import annotations

from typing import Any

import pytest
from elasticsearch import Elasticsearch

from articles.errors import ServiceUnavailable, UsageError
from indexing.writing import bulk
from indexing.writing.stored import Stored, fetch_texts
from indexing.writing.write import (
    ERROR_CHARS,
    Existing,
    Update,
    WriteResult,
    count_attempt,
    create,
    enriched,
    mark_failed,
    set_pending,
)
from tests.fakes.elastic import FakeElasticsearch

AT = "2024-06-20T10:00:00Z"


def document(key: str, state: str = "pending", **more: Any) -> dict[str, Any]:
    return {
        "headline": f"Überschrift {key}",
        "received_at": AT,
        "source": {"path": f"ordner/{key}.txt", "sha256": "ab"},
        "enrichment": {"state": state, "attempts": 0, **more},
    }


def put(client: Elasticsearch, index: str, **states: str) -> None:
    documents = [(key, document(key, state)) for key, state in states.items()]
    assert {fate.result for fate in create(client, index, documents, refresh=True)} == {"created"}


def stored(client: Elasticsearch, index: str, key: str) -> Stored:
    (document_,) = fetch_texts(client, index, [key])
    return document_


def update(read: Stored, **fields: Any) -> Update:
    return Update(read.id, read.seq_no, read.primary_term, fields)


def test_each_document_has_its_fate_in_order_and_a_bad_one_harms_no_other(
    client: Elasticsearch, index: str
) -> None:
    documents: list[tuple[str, dict[str, Any]]] = [
        ("a", document("a")),
        ("date", {**document("date"), "published": "2024-13"}),
        ("nan", {**document("nan"), "headline": float("nan")}),
        ("a", document("a2")),
        ("b", document("b")),
    ]
    fates = list(create(client, index, documents))
    assert [(fate.id, fate.result) for fate in fates] == [
        ("a", "created"),
        ("date", "rejected"),
        ("nan", "rejected"),
        ("a", "exists"),
        ("b", "created"),
    ]
    assert fates[1].reason.startswith("document_parsing_exception: ")
    assert fates[2].reason.startswith("cannot be written as JSON")
    assert fates[3].existing == Existing("ordner/a.txt", "ab", AT)
    assert stored(client, index, "a").texts["headline"] == "Überschrift a"


def test_what_is_written_is_searched_after_a_refresh_or_at_once_where_that_is_asked(
    client: Elasticsearch, index: str
) -> None:
    list(create(client, index, [("a", document("a"))]))
    assert client.count(index=index)["count"] == 0
    list(create(client, index, [("b", document("b"))], refresh=True))
    assert client.count(index=index)["count"] == 2


@pytest.mark.parametrize(
    ("status", "kind"),
    [(429, "es_rejected_execution_exception"), (503, "x"), (403, "cluster_block_exception")],
)
def test_a_server_that_takes_no_work_leaves_all_unconfirmed(
    client: Elasticsearch, index: str, fake: FakeElasticsearch, status: int, kind: str
) -> None:
    fake.refuse("_bulk", status, kind)
    (fate,) = create(client, index, [("a", document("a"))])
    assert (fate.result, str(status) in fate.reason) == ("away", True)
    (fate,) = create(client, index, [("a", document("a"))])
    assert fate.result == "created"


@pytest.mark.parametrize(("needs", "result"), [(128_966_200, "rejected"), (32_000_000, "away")])
def test_what_never_fits_into_the_heap_is_no_busy_server(
    client: Elasticsearch, index: str, fake: FakeElasticsearch, needs: int, result: str
) -> None:
    """A file of 32 MB waited for ever: Elasticsearch 9.4 says 429 of it, whatever else it does."""
    kind = "es_rejected_execution_exception"
    reason = f"primary_operation_bytes={needs}, max_primary_bytes=107374182]"
    refused = {"status": 429, "error": {"type": kind, "reason": f"rejected [{reason}"}}
    fake.answer_with("_bulk", {"errors": True, "items": [{"create": {"_id": "a", **refused}}]})
    (fate,) = create(client, index, [("a", document("a"))])
    assert fate.result == result
    assert ("DEPESCHE_ELASTICSEARCH_HEAP" in fate.reason) == (result == "rejected")


def test_a_block_holds_single_items_off(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    fake.store.single(index).settings["index.blocks.read_only_allow_delete"] = True
    (fate,) = create(client, index, [("a", document("a"))])
    assert fate.result == "away"


def test_once_a_chunk_finds_nobody_the_rest_is_not_sent(
    client: Elasticsearch, index: str, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "CHUNK_ITEMS", 2)
    fake.go_away("_bulk", always=False)
    fakes = [(str(n), document(str(n))) for n in range(5)]
    assert {fate.result for fate in create(client, index, fakes)} == {"away"}
    assert len([line for line in fake.asked if "_bulk" in line]) == 1


def test_a_request_that_cannot_be_taken_is_halved_until_the_fault_stands_alone(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    fake.refuse("_bulk", 413, "too_large")
    fates = create(client, index, [(key, document(key)) for key in "abc"])
    assert [each.result for each in fates] == ["created"] * 3
    fake.refuse("_bulk", 413, "too_large", always=True)
    (fate,) = create(client, index, [("d", document("d"))])
    assert (fate.result, fate.reason.startswith("too_large")) == ("rejected", True)


def test_without_the_alias_nothing_is_made_up(
    client: Elasticsearch, fake: FakeElasticsearch
) -> None:
    with pytest.raises(UsageError, match="depesche index create"):
        list(create(client, "nowhere", [("a", document("a"))]))
    assert "nowhere" not in fake.store.indices


def test_refused_credentials_are_a_person_s_business(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    fake.refuse("_bulk", 401, "security_exception")
    with pytest.raises(UsageError, match="credentials"):
        list(create(client, index, [("a", document("a"))]))


def test_what_exists_but_cannot_be_asked_about_waits(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    put(client, index, a="pending")
    fake.go_away("_mget")
    (fate,) = create(client, index, [("a", document("a"))])
    assert fate.result == "away"


@pytest.mark.parametrize("looks", [0, 1])
def test_what_exists_and_is_gone_again_is_to_be_created_again(
    client: Elasticsearch, index: str, fake: FakeElasticsearch, looks: int
) -> None:
    put(client, index, a="pending")
    gone = fake.store.single(index).documents.clear
    fake.before("_mget", (lambda: fake.before("_mget", gone)) if looks else gone)
    other = {**document("a"), "source": {"path": "b.txt", "sha256": "cd"}}
    assert [fate.result for fate in create(client, index, [("a", other)])] == ["away"]
    assert [fate.result for fate in create(client, index, [("a", other)])] == ["created"]


def test_an_update_is_of_what_was_read_only(client: Elasticsearch, index: str) -> None:
    put(client, index, a="pending", b="pending", c="pending")
    a, b, c = (stored(client, index, key) for key in "abc")
    assert enriched(client, index, [update(a, people=["X"])]) == [WriteResult("a", "updated")]
    gone = Update("gone", 1, 1, {"people": ["X"]})
    bad = update(b, published="gestern")
    fates = enriched(client, index, [update(a, people=["Y"]), gone, bad, update(c, story="c")])
    assert [fate.result for fate in fates] == ["conflict", "missing", "rejected", "updated"]
    assert client.get(index=index, id="a")["_source"]["people"] == ["X"]


def test_an_attempt_is_counted_in_what_was_read(client: Elasticsearch, index: str) -> None:
    put(client, index, a="pending")
    first = stored(client, index, "a")
    counted = count_attempt(client, index, first)
    assert counted == stored(client, index, "a")
    assert counted
    assert counted.attempts == 1
    assert counted.state == "pending"
    assert count_attempt(client, index, first) is None
    assert count_attempt(client, index, Stored("gone", 1, 1, {}, "pending", "", 0)) is None


def test_a_failure_keeps_the_first_reason_behind_the_newest(
    client: Elasticsearch, index: str
) -> None:
    put(client, index, a="pending")
    said = []
    for error in ("zuerst", "zuerst", "danach", "zuletzt", "x" * (ERROR_CHARS + 9)):
        assert mark_failed(client, index, stored(client, index, "a"), error, AT)
        said.append(stored(client, index, "a").error)
    assert said[:4] == [
        "zuerst",
        "zuerst",
        "danach (the first time: zuerst)",
        "zuletzt (the first time: zuerst)",
    ]
    assert said[4] == "x" * ERROR_CHARS + " (the first time: zuerst)"
    assert stored(client, index, "a").state == "failed"


def test_a_failure_of_what_somebody_has_written_meanwhile_is_none(
    client: Elasticsearch, index: str
) -> None:
    put(client, index, a="pending")
    before = stored(client, index, "a")
    enriched(client, index, [update(before, enrichment={"state": "enriched"})])
    assert not mark_failed(client, index, before, "zu spät", AT)
    assert stored(client, index, "a").state == "enriched"


def test_failed_documents_are_pending_again_all_or_those_named(
    client: Elasticsearch, index: str
) -> None:
    put(client, index, a="failed", b="failed", c="enriched")
    assert set_pending(client, index, ["b", "c", "gone"]) == 1
    assert [stored(client, index, key).state for key in "abc"] == ["failed", "pending", "enriched"]
    assert set_pending(client, index) == 1
    assert set_pending(client, index) == 0


def test_a_conflict_while_putting_back_is_not_counted_and_no_fault(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    put(client, index, a="failed", b="failed")
    fake.before("_bulk", lambda: fake.store.single(index).update("a", {"byline": ["jemand"]}))
    assert set_pending(client, index) == 1


@pytest.mark.parametrize(("status", "error"), [(429, ServiceUnavailable), (400, UsageError)])
def test_where_nothing_can_be_put_back_it_is_told(
    client: Elasticsearch,
    index: str,
    fake: FakeElasticsearch,
    status: int,
    error: type[Exception],
) -> None:
    put(client, index, a="failed")
    fake.refuse("_bulk", status, "x", always=True)
    with pytest.raises(error):
        set_pending(client, index)
