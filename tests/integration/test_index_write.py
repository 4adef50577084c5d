"""Writing to a real Elasticsearch: fates, conditions, states."""

from __future__ import annotations

import itertools
import time
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from elasticsearch import BadRequestError, Elasticsearch

from articles.article import Article, Enrichment, Published, Source
from articles.errors import ServiceUnavailable, UsageError
from indexing.index.connect import server_version
from indexing.index.manage import index_status
from indexing.index.point_in_time import point_in_time
from indexing.index.released import ReadersClient, readable
from indexing.searching.search import get
from indexing.writing import due, reenrich
from indexing.writing.document import enrichment_fields, to_document
from indexing.writing.replace import (
    Replacement,
    made_of_ids,
    made_of_paths,
    remove,
    write_over,
)
from indexing.writing.states import counts, failed
from indexing.writing.stored import by_id, fetch_texts
from indexing.writing.write import (
    Existing,
    Update,
    count_attempt,
    create,
    enriched,
    mark_failed,
    set_pending,
)

NOW = datetime.now(UTC)
AT = "2024-06-20T10:00:00Z"


def document(key: str, received: datetime = NOW, **fields: Any) -> dict[str, Any]:
    source = Source(f"ordner/{key}.txt", f"{key}.txt", "ab" * 32, 3, "text", "utf-8")
    article = Article(
        key=key,
        headline=f"Überschrift {key}",
        body="Der Text.",
        source=source,
        published=Published("2024-06", "month"),
    )
    return to_document(article, received.isoformat(), NOW.isoformat()) | fields


def put(client: Elasticsearch, index: str, *keys: str) -> None:
    fates = create(client, index, [(key, document(key)) for key in keys])
    assert {fate.result for fate in fates} <= {"created"}


def block(client: Elasticsearch, index: str, on: bool) -> None:
    setting = {"index.blocks.read_only_allow_delete": True if on else None}
    client.indices.put_settings(index=index, settings=setting)


def update(client: Elasticsearch, index: str, key: str, pipeline: str = "p1") -> Update:
    (stored,) = fetch_texts(client, index, [key])
    fields = enrichment_fields(Enrichment(people=("Putin",)), pipeline, NOW.isoformat())
    return Update(key, stored.seq_no, stored.primary_term, fields)


def state(client: Elasticsearch, index: str, key: str) -> Any:
    return client.get(index=index, id=key)["_source"]["enrichment"]


def test_the_server_is_a_real_one(client: Elasticsearch) -> None:
    assert int(server_version(client).split(".")[0]) >= 9


def test_a_field_that_the_mapping_does_not_know_is_refused(
    client: Elasticsearch, index: str
) -> None:
    with pytest.raises(BadRequestError, match="strict_dynamic_mapping"):
        client.index(index=index, document={"überschrift": "H"})


def test_each_document_has_its_fate_in_order_and_a_bad_one_harms_no_other(
    client: Elasticsearch, index: str
) -> None:
    documents = [
        ("a", document("a")),
        ("date", document("date", published="2024-13")),
        ("b", document("b")),
        ("nan", document("nan", headline=float("nan"))),
        ("a", document("a2")),
        ("field", document("field", received_at="gestern")),
        ("c", document("c")),
    ]
    fates = list(create(client, index, documents))
    assert [(fate.id, fate.result) for fate in fates] == [
        ("a", "created"),
        ("date", "rejected"),
        ("b", "created"),
        ("nan", "rejected"),
        ("a", "exists"),
        ("field", "rejected"),
        ("c", "created"),
    ]
    assert fates[1].reason.startswith("document_parsing_exception: ")
    assert "2024-13" in fates[1].reason
    assert fates[4].existing == Existing("ordner/a.txt", "ab" * 32, NOW.isoformat())
    client.indices.refresh(index=index)
    assert client.count(index=index)["count"] == 3


def test_a_second_time_everything_exists_and_nothing_changes(
    client: Elasticsearch, index: str
) -> None:
    put(client, index, "a", "b")
    before = fetch_texts(client, index, ["a", "b"])
    fates = list(create(client, index, [(key, document(f"new {key}")) for key in "ab"]))
    assert [fate.result for fate in fates] == ["exists", "exists"]
    assert [fate.existing and fate.existing.path for fate in fates] == [
        "ordner/a.txt",
        "ordner/b.txt",
    ]
    assert fetch_texts(client, index, ["a", "b"]) == before


def test_words_and_names_of_any_length_are_taken(client: Elasticsearch, index: str) -> None:
    long = "ß" * 40_000
    fields: dict[str, Any] = {
        "headline": long,
        "body": long,
        "people": [long, "Putin"],
        "byline": ["𝔘" * 8191],
    }
    (fate,) = create(client, index, [("a", document("a") | fields)])
    assert fate.result == "created", fate.reason


def test_received_at_comes_back_as_written(client: Elasticsearch, index: str) -> None:
    exact = "2026-01-01T00:00:00.123456+00:00"
    list(create(client, index, [("a", document("a", received_at=exact))]))
    (fate,) = create(client, index, [("a", document("a"))])
    assert fate.existing
    assert fate.existing.received_at == exact


def test_a_blocked_index_is_away_until_the_block_is_lifted(
    client: Elasticsearch, index: str
) -> None:
    put(client, index, "a")
    first = update(client, index, "a")
    (stored,) = fetch_texts(client, index, ["a"])
    block(client, index, True)
    (fate,) = create(client, index, [("b", document("b"))])
    assert fate.result == "away"
    assert "blocked" in fate.reason
    assert [fate.result for fate in enriched(client, index, [first])] == ["away"]
    with pytest.raises(ServiceUnavailable, match="blocked"):
        count_attempt(client, index, stored)
    assert not index_status(client, index).writable
    block(client, index, False)
    put(client, index, "b")
    assert [fate.result for fate in enriched(client, index, [first])] == ["updated"]


def test_a_closed_index_is_away(client: Elasticsearch, index: str) -> None:
    client.indices.close(index=index)
    (fate,) = create(client, index, [("b", document("b"))])
    assert fate.result == "away"
    with pytest.raises(ServiceUnavailable):
        counts(client, index)


def test_a_missing_index_is_misuse_and_is_not_made_up(client: Elasticsearch) -> None:
    missing = f"depesche-test-{uuid4().hex}"
    with pytest.raises(UsageError, match="depesche index create"):
        list(create(client, missing, [("a", document("a"))]))
    with pytest.raises(UsageError, match="depesche index create"):
        enriched(client, missing, [Update("a", 0, 1, {})])
    with pytest.raises(UsageError, match="depesche index create"):
        fetch_texts(client, missing, ["a"])
    with pytest.raises(UsageError, match="depesche index create"):
        _pending(client, missing, 1)
    with pytest.raises(UsageError, match="depesche index create"):
        counts(client, missing)
    assert not client.indices.exists(index=missing)


def test_only_the_first_of_two_enrichments_is_written(client: Elasticsearch, index: str) -> None:
    put(client, index, "a", "b")
    stale, current = update(client, index, "a", "p1"), update(client, index, "b", "p1")
    assert [
        fate.result for fate in enriched(client, index, [update(client, index, "a", "p2")])
    ] == ["updated"]
    fates = enriched(client, index, [stale, Update("zz", 0, 1, {}), current])
    assert [fate.result for fate in fates] == ["conflict", "missing", "updated"]
    assert state(client, index, "a")["pipeline"] == "p2"


def test_a_second_enrichment_replaces_every_array(client: Elasticsearch, index: str) -> None:
    put(client, index, "a")
    enriched(client, index, [update(client, index, "a")])
    (stored,) = fetch_texts(client, index, ["a"])
    fields = enrichment_fields(Enrichment(places=("Kiew",)), "p2", NOW.isoformat())
    enriched(client, index, [Update("a", stored.seq_no, stored.primary_term, fields)])
    source = client.get(index=index, id="a")["_source"]
    assert (source["people"], source["places"]) == ([], ["Kiew"])
    assert source["headline"] == "Überschrift a"


def test_the_same_enrichment_again_counts_as_written(client: Elasticsearch, index: str) -> None:
    put(client, index, "a")
    for _ in range(2):
        (fate,) = enriched(client, index, [update(client, index, "a")])
        assert fate.result == "updated"


def test_attempts_are_counted_once_for_each_holder(client: Elasticsearch, index: str) -> None:
    put(client, index, "a")
    (stored,) = fetch_texts(client, index, ["a"])
    first = count_attempt(client, index, stored)
    assert first
    assert first.attempts == 1
    assert count_attempt(client, index, stored) is None
    second = count_attempt(client, index, first)
    assert second
    assert second.attempts == 2
    assert fetch_texts(client, index, ["a"]) == [second]


def test_a_failure_is_marked_listed_and_put_back(client: Elasticsearch, index: str) -> None:
    put(client, index, "a", "b", "c")
    for key, at in (("a", NOW), ("b", NOW + timedelta(seconds=1))):
        (stored,) = fetch_texts(client, index, [key])
        assert mark_failed(client, index, stored, "x" * 5000, at.isoformat())
        assert not mark_failed(client, index, stored, "again", at.isoformat())
    client.indices.refresh(index=index)
    failures = failed(client, index)
    assert [(failure.id, failure.path, len(failure.error)) for failure in failures] == [
        ("b", "ordner/b.txt", 2000),
        ("a", "ordner/a.txt", 2000),
    ]
    assert set_pending(client, index, ["a", "c", "zz"]) == 1
    assert state(client, index, "a") == {
        "state": "pending",
        "attempts": 0,
        "error": "x" * 2000,  # kept, so that a second failure can name the first
        "at": NOW.isoformat(),
    }
    assert set_pending(client, index) == 1
    assert set_pending(client, index) == 0
    assert len(_pending(client, index, 10)) == 3


def test_what_is_asked_to_be_read_again_is_due_and_nothing_is_written(
    client: Elasticsearch, index: str
) -> None:
    keys = [f"{n:04}" for n in range(1000)]
    assert len(list(create(client, index, [(key, document(key)) for key in keys]))) == 1000
    read = enrichment_fields(Enrichment(people=("Putin",)), "p1", NOW.isoformat())
    updates = [
        Update(stored.id, stored.seq_no, stored.primary_term, read)
        for stored in fetch_texts(client, index, keys)
    ]
    assert {fate.result for fate in enriched(client, index, updates)} == {"updated"}
    before = _writes(client, index)
    assert reenrich.ask(client, index, reenrich.stale(["p1"], everything=False), AT) == 0
    assert reenrich.ask(client, index, reenrich.stale(["p2"], everything=False), AT) == 1000
    assert reenrich.ask(client, index, reenrich.stale(["p2"], everything=False), AT) == 1000
    counted = counts(client, index)
    assert (counted.pending, counted.again, counted.enriched) == (1000, 1000, 0)
    found = due.waiting(client, index, 64)
    (request,) = found.requests.open
    assert (found.pending, request.number) == ([], 2)
    ids, finished = due.due(client, index, request, 64, exclude=set(keys[:10]))
    assert (len(ids), finished) == (64, False)
    assert not {*ids} & {*keys[:10]}
    assert sorted(due.still_due(client, index, ids, found.requests)) == sorted(ids)
    assert _writes(client, index) == before
    again = enrichment_fields(Enrichment(people=("Putin",)), "p2", NOW.isoformat(), 2)
    updates = [
        Update(stored.id, stored.seq_no, stored.primary_term, again)
        for stored in fetch_texts(client, index, keys)
    ]
    enriched(client, index, updates)
    assert due.due(client, index, due.waiting(client, index, 1).requests.open[0], 1) == ([], True)
    reenrich.finish(client, index, [2])
    assert due.waiting(client, index, 1).requests == reenrich.Requests(2)


def _writes(client: Elasticsearch, index: str) -> tuple[int, int]:
    """How many writes the index has seen, by its own count, and the number of the last."""
    stats = client.indices.stats(index=index, metric="indexing")["_all"]["primaries"]
    seq_nos = [stored["_seq_no"] for stored in _hits(client, index)]
    return stats["indexing"]["index_total"], max(seq_nos)


def _hits(client: Elasticsearch, index: str) -> list[dict[str, Any]]:
    client.indices.refresh(index=index)
    answer = client.search(index=index, size=1000, source=False, seq_no_primary_term=True)
    return list(answer["hits"]["hits"])


def _pending(
    client: Elasticsearch, index: str, limit: int, exclude: Collection[str] = ()
) -> list[str]:
    return due.waiting(client, index, limit, exclude).pending


def test_pending_gives_the_oldest_first_without_the_excluded(
    client: Elasticsearch, index: str
) -> None:
    ages = [5, 1, 4, 2, 3]
    documents = [
        (str(age), document(str(age), received=NOW - timedelta(seconds=age))) for age in ages
    ]
    assert all(fate.result == "created" for fate in create(client, index, documents))
    assert _pending(client, index, 10) == ["5", "4", "3", "2", "1"]
    assert _pending(client, index, 2) == ["5", "4"]
    assert _pending(client, index, 2, exclude={"5", "3"}) == ["4", "2"]
    enriched(client, index, [update(client, index, "4")])
    assert _pending(client, index, 10) == ["5", "3", "2", "1"]


def test_pending_pages_through_more_than_one_request_holds(
    client: Elasticsearch, index: str
) -> None:
    # All of one moment: the order must still neither skip nor repeat any.
    keys = [f"{n:05}" for n in range(2300)]
    fates = create(client, index, [(key, document(key)) for key in keys])
    assert {fate.result for fate in fates} == {"created"}
    ids = _pending(client, index, 5000)
    assert sorted(ids) == keys
    assert sorted(_pending(client, index, 5000, exclude=set(ids[:2200]))) == sorted(ids[2200:])


def test_fetched_texts_leave_out_what_does_not_exist(client: Elasticsearch, index: str) -> None:
    put(client, index, "a")
    (stored,) = fetch_texts(client, index, ["zz", "a"])
    assert stored.texts == {
        "kicker": "",
        "headline": "Überschrift a",
        "lead": "",
        "body": "Der Text.",
    }
    assert (stored.state, stored.pipeline, stored.attempts) == ("pending", "", 0)
    assert fetch_texts(client, index, []) == []


def test_counts_tell_states_rates_and_reasons(client: Elasticsearch, index: str) -> None:
    put(client, index, *"abcdef")
    enriched(client, index, [update(client, index, "a")])
    reasons = itertools.chain(["too deep"] * 2, ["killed its worker"])
    for key, reason in zip("bcd", reasons, strict=True):
        (stored,) = fetch_texts(client, index, [key])
        assert mark_failed(client, index, stored, reason, NOW.isoformat())
    old = (NOW - timedelta(minutes=5)).isoformat()
    list(create(client, index, [("old", document("old", indexed_at=old))]))
    client.indices.refresh(index=index)
    counted = counts(client, index)
    assert (counted.total, counted.pending, counted.enriched, counted.failed) == (7, 3, 1, 3)
    assert counted.failures == {"too deep": 2, "killed its worker": 1}
    recent = (datetime.now(UTC) - NOW).total_seconds() < 60
    assert counted.indexed_last_minute == (6 if recent else 0)
    assert counted.enriched_last_minute == (1 if recent else 0)


def test_what_a_file_was_before_is_written_over_or_removed_only_as_it_was_read(
    client: Elasticsearch, index: str
) -> None:
    put(client, index, "teil", "anderes")
    since, at, until = ((NOW + timedelta(minutes=m)).isoformat() for m in (-1, 0, 1))
    paths = ["ordner/teil.txt", "ordner/nichts.txt"]
    (old,) = made_of_paths(client, index, paths, since, at, until)
    assert (old.id, old.bytes, old.sha256) == ("teil", 3, "ab" * 32)
    assert made_of_paths(client, index, paths, until, until, until) == []
    assert enriched(client, index, [update(client, index, "teil")])[0].result == "updated"

    whole = document("teil", body="Der Text. Und der Rest.")
    (refused,) = write_over(client, index, [Replacement(old, whole)])
    assert refused.result == "conflict"
    assert not remove(client, index, old)
    (now,) = made_of_ids(client, index, ["teil", "nichts"])
    (done,) = write_over(client, index, [Replacement(now, whole)])
    assert done.result == "updated"
    source = client.get(index=index, id="teil")["_source"]
    assert (source["body"], source["enrichment"]["state"]) == (whole["body"], "pending")
    assert "people" not in source

    (last,) = made_of_ids(client, index, ["teil"])
    assert remove(client, index, last)
    assert remove(client, index, last), "it is gone already"
    assert made_of_ids(client, index, ["teil"]) == []


def test_what_is_under_embargo_comes_to_readers_by_itself(
    client: Elasticsearch, index: str
) -> None:
    """By the server's clock: in searches, counts, by id, and in the alias that Kibana reads."""
    ends = datetime.now(UTC) + timedelta(seconds=4)
    held = document("held", embargo_until=ends.isoformat())
    list(create(client, index, [("held", held)], refresh=True))
    readers, ids = ReadersClient.of(client), ["held"]

    def seen() -> list[int]:
        every: dict[str, Any] = {"match_all": {}}
        with point_in_time(readers, index) as pit:
            by_moment = readers.search(pit=pit, query=every)["hits"]["total"]["value"]
        return [
            readers.search(index=index)["hits"]["total"]["value"],
            by_moment,
            readers.msearch(index=index, searches=[{}, {"query": every}])["responses"][0]["hits"][
                "total"
            ]["value"],
            readers.count(index=index)["count"],
            sum(entry["found"] for entry in readers.mget(index=index, ids=ids)["docs"]),
            sum(e["found"] for e in readers.mget(index=index, ids=ids, source=False)["docs"]),
            len(by_id(readers, index, ids, ["received_at"])),
            int(get(readers, index, "held") is not None),
            client.search(index=readable(index))["hits"]["total"]["value"],
            client.count(index=readable(index))["count"],
        ]

    assert seen() == [0] * 10
    assert client.count(index=index)["count"] == 1
    while datetime.now(UTC) <= ends + timedelta(seconds=0.1):
        time.sleep(0.2)
    assert seen() == [1] * 10
