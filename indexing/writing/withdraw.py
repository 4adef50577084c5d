"""Take documents out of every version of an index, and what is left of them out of its files.

A document that is deleted can be found no more. Its text still lies in segments until these are
merged, and in the log of transactions until that is cut off: ``expunge`` sees to both.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from elasticsearch import Elasticsearch

from articles.errors import ServiceUnavailable
from indexing.index.faults import describe, translate_errors
from indexing.index.manage import concrete_of, family

_CHUNK = 1000
_OK, _GONE = 200, 404
_POLL_SECONDS = 1.0
#: Elasticsearch keeps what was removed until its own lease on it moves on: every 30 seconds.
PATIENCE_SECONDS = 120.0
_MERGE_SECONDS = 3600.0
_ALLOWED = "index.merge.policy.expunge_deletes_allowed"


def remove_everywhere(client: Elasticsearch, index: str, ids: Sequence[str]) -> int:
    """Remove documents from all versions of ``index``; how many there were in all of them.

    No search finds them when it returns. An older version, which is read-only, is opened for the
    moment. Raises ``UsageError``, and ``ServiceUnavailable`` where writes are held off: then some
    may be left.
    """
    if not ids:
        return 0
    current, removed, versions = concrete_of(client, index), 0, family(client, index)
    for name in sorted(versions, key=lambda name: name != current):  # what is searched goes first
        about = versions[name]
        there = _there(client, name, ids)
        closed = name != current and "write" in about["settings"]["index"].get("blocks", {})
        if there:
            with _opened(client, name) if closed else _as_it_is():
                _remove(client, name, there)
        removed += len(there)
    return removed


def found_anywhere(client: Elasticsearch, index: str, ids: Sequence[str]) -> list[str]:
    """Which documents are in any version of ``index``. Raises likewise."""
    there = {id_ for name in family(client, index) for id_ in _there(client, name, ids)}
    return [id_ for id_ in ids if id_ in there]


def _there(client: Elasticsearch, name: str, ids: Sequence[str]) -> list[str]:
    found: list[str] = []
    for start in range(0, len(ids), _CHUNK):
        with translate_errors():
            chunk = list(ids[start : start + _CHUNK])
            answer = client.mget(index=name, ids=chunk, source=False)
        for entry in answer["docs"]:
            if "error" in entry:  # one that could not be read must not look like one that is gone
                raise ServiceUnavailable(f"{name} cannot be read: {describe(entry['error'])}")
            if entry["found"]:
                found.append(entry["_id"])
    return found


def _remove(client: Elasticsearch, name: str, ids: Sequence[str]) -> None:
    for start in range(0, len(ids), _CHUNK):
        chunk = [{"delete": {"_id": id_}} for id_ in ids[start : start + _CHUNK]]
        with translate_errors():
            answer = client.bulk(index=name, operations=chunk, refresh=True, timeout="10s")
        for item in (entry["delete"] for entry in answer["items"]):
            if item["status"] not in {_OK, _GONE}:
                why = describe(item.get("error"))
                raise ServiceUnavailable(f"{name} lets nothing be removed now: {why}")


@contextmanager
def _opened(client: Elasticsearch, name: str) -> Iterator[None]:
    """Take the block off an old version; nothing else writes there, for the alias is elsewhere."""
    with translate_errors():
        client.indices.put_settings(index=name, settings={"index.blocks.write": None})
    try:
        yield
    finally:
        with translate_errors():
            client.indices.put_settings(index=name, settings={"index.blocks.write": True})


@contextmanager
def _as_it_is() -> Iterator[None]:
    yield


def expunge(client: Elasticsearch, index: str, seconds: float = PATIENCE_SECONDS) -> None:
    """Have nothing of removed documents in the files of any version of ``index`` any more.

    What was removed before the call. Takes half a minute, and longer where large segments have to
    be written anew. Snapshots keep what they have, and ``open_searches`` what they find. Raises
    ``UsageError``, and ``ServiceUnavailable`` where it is not done in time: to be called again.
    """
    client = client.options(request_timeout=_MERGE_SECONDS)
    names, ends = list(family(client, index)), time.monotonic() + seconds
    with translate_errors():
        client.indices.flush(index=names, force=True, wait_if_ongoing=True)
    for name in names:
        if _dirty(client, name):
            _await_leases(client, name, _highest(client, name), ends)
            _merge(client, name)
        with translate_errors():  # two: the last but one is kept until the next
            client.indices.flush(index=name, force=True, wait_if_ongoing=True)
            client.indices.flush(index=name, force=True, wait_if_ongoing=True)


def open_searches(client: Elasticsearch, index: str) -> int:
    """How many points in time, and other searches that go on, there are of any version of it.

    One that began before documents were removed finds them until it ends, and Elasticsearch keeps
    the files that hold them for it. Raises ``UsageError`` and ``ServiceUnavailable``.
    """
    names = list(family(client, index))
    with translate_errors():
        versions = client.indices.stats(index=names, metric=["search"])["indices"].values()
    return sum(int(about["total"]["search"]["open_contexts"]) for about in versions)


def _dirty(client: Elasticsearch, name: str) -> set[str]:
    """The segments that hold removed documents."""
    with translate_errors():
        shards = client.indices.segments(index=name)["indices"][name]["shards"]
    return {
        f"{number}/{copy['routing']['node']}/{segment}"
        for number, copies in shards.items()
        for copy in copies
        for segment, about in copy["segments"].items()
        if about["deleted_docs"]
    }


def _shards(client: Elasticsearch, name: str) -> dict[str, Mapping[str, Any]]:
    """What each copy of each shard says of its operations."""
    with translate_errors():
        stats = client.indices.stats(index=name, level="shards", metric=["docs"])
    return {
        f"{number}/{place}": copy
        for number, copies in stats["indices"][name]["shards"].items()
        for place, copy in enumerate(copies)
    }


def _highest(client: Elasticsearch, name: str) -> dict[str, int]:
    """The number of the latest operation: each removal until now has one as high at most."""
    return {key: int(copy["seq_no"]["max_seq_no"]) for key, copy in _shards(client, name).items()}


def _await_leases(client: Elasticsearch, name: str, upto: Mapping[str, int], ends: float) -> None:
    """Until the index does not keep operations up to those numbers for copies of itself."""
    while any(_keeps(copy, upto.get(key, -1)) for key, copy in _shards(client, name).items()):
        if time.monotonic() > ends:
            raise ServiceUnavailable(f"{name} still keeps what was removed for its copies.")
        time.sleep(_POLL_SECONDS)


def _keeps(copy: Mapping[str, Any], upto: int) -> bool:
    leases = copy.get("retention_leases", {}).get("leases", ())
    return any(int(lease["retaining_seq_no"]) <= upto for lease in leases)


def _merge(client: Elasticsearch, name: str) -> None:
    before = _dirty(client, name)
    try:
        with translate_errors():
            client.indices.put_settings(index=name, settings={_ALLOWED: 0})
            client.indices.forcemerge(index=name, only_expunge_deletes=True)
            client.indices.refresh(index=name)
    finally:
        with translate_errors():
            client.indices.put_settings(index=name, settings={_ALLOWED: None})
    if before & _dirty(client, name):
        raise ServiceUnavailable(f"{name} has not written its segments anew.")
