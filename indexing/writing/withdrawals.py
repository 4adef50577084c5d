"""What all sites have in common about withdrawals: read, followed, and written on condition.

Each change of a document has the next ``revision``, and is written only in place of the one that
was read: so of two sites that change one at once, one reads what the other has said. No clock is
compared; ``at`` is for people alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any

import structlog
from elasticsearch import Elasticsearch

from articles.errors import ServiceUnavailable
from indexing.index.faults import denied, describe, judge, translate_errors
from indexing.index.point_in_time import pages
from indexing.index.sound import MOST_KEYS, are_keys, is_words, sound_day, sound_words
from indexing.index.withdrawals import name
from indexing.writing.stored import readable

log = structlog.get_logger()

#: Documents in one answer: each may have keys of three megabytes, and one of another program more.
#: To ask for more of them would end Elasticsearch: of how large they are nothing is known before.
AT_ONCE = 10
_SECONDS = 10.0
_MISSING = 404
#: What is above this no site has written: another program did. So ``sound`` has it of the rest.
HIGHEST = 2**53


@dataclass(frozen=True, slots=True)
class Shared:
    """What holds for an article at all sites: it is withdrawn, or ``restored`` since.

    ``site`` is where it was withdrawn, ``told_by`` who has written this revision. ``keys`` are what
    it is recognised by, ``day`` and ``minhash`` as in a tombstone; empty for what is restored.
    """

    id: str
    revision: int
    restored: bool = False
    purged: bool = False
    at: str = ""
    reason: str = ""
    who: str = ""
    site: str = ""
    told_by: str = ""
    day: str = ""
    minhash: str = ""
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A document as it stands; ``shared`` is None where another program wrote it."""

    shared: Shared | None
    seq_no: int
    primary_term: int


@dataclass(frozen=True, slots=True)
class Reached:
    """Which index it is, for it may have been made anew, and up to where writes are complete."""

    uuid: str
    upto: int


@dataclass(frozen=True, slots=True)
class News:
    """What was written, in the order in which it was: the ids, which of them say that they are
    restored, and the number of the last.
    """

    ids: tuple[str, ...]
    restored: frozenset[str]
    upto: int


#: Which documents say that they are restored, told beside each hit.
_RESTORED = {"term": {"restored": {"value": True, "_name": "restored"}}}
_NAMES = tuple(field.name for field in fields(Shared))


def reached(client: Elasticsearch, index: str) -> Reached | None:
    """How far the index has come, ``None`` where there is none. One request."""
    lenient = client.options(request_timeout=_SECONDS, ignore_status=_MISSING)
    with translate_errors():
        answer = lenient.indices.stats(index=name(index), level="shards", metric=["docs"])
    if answer.meta.status == _MISSING:
        return None
    about = answer["indices"].get(name(index), {})
    if not (copies := about.get("shards", {}).get("0")):
        raise ServiceUnavailable(f"No node holds {name(index)} now.")
    upto = max(int(copy["seq_no"]["global_checkpoint"]) for copy in copies)
    return Reached(str(about["uuid"]), upto)


def since(client: Elasticsearch, index: str, above: int) -> Iterator[News]:
    """What was written behind that number, in pages; of documents nothing is brought."""
    behind = {"range": {"_seq_no": {"gt": above}}}
    query = {"bool": {"filter": [behind], "should": [_RESTORED]}}
    for hits in pages(client, name(index), query, [{"_seq_no": "asc"}]):
        restored = frozenset(hit["_id"] for hit in hits if hit.get("matched_queries"))
        yield News(tuple(hit["_id"] for hit in hits), restored, int(hits[-1]["_seq_no"]))


def read_in_parts(client: Elasticsearch, index: str, ids: Sequence[str]) -> Iterator[list[Shared]]:
    """As last written, without what another program wrote: many that have few keys at once."""
    part = list[Shared]()
    for start in range(0, len(ids), AT_ONCE):
        found = read(client, index, ids[start : start + AT_ONCE])
        part += [one.shared for one in found.values() if one.shared]
        if sum(len(one.keys) for one in part) >= MOST_KEYS:
            yield part
            part = []
    if part:
        yield part


def read(client: Elasticsearch, index: str, ids: Sequence[str]) -> dict[str, Found]:
    """Documents as last written, by id; without those that are too large to be read.

    Some may be, and those beside them are read by themselves then.
    """
    entries = readable(client, name(index), ids, _NAMES)
    return {e["_id"]: Found(_parsed(e), e["_seq_no"], e["_primary_term"]) for e in entries}


def write(
    client: Elasticsearch, index: str, changes: Iterable[tuple[Shared, Found | None]]
) -> set[str]:
    """Put each in place of what was found; of which ids that is done: of others nobody's.

    Raises as all requests do, and ``ServiceUnavailable`` where the index takes none.
    """
    lines = [line for shared, found in changes for line in _lines(shared, found)]
    if not lines:
        return set()
    with translate_errors():
        answer = client.bulk(index=name(index), operations=lines, pipeline="_none")
    items = [about for each in answer["items"] for about in each.values()]
    for error in (about for about in items if "error" in about):
        _look_at(error, index)
    return {about["_id"] for about in items if "error" not in about}


def _lines(shared: Shared, found: Found | None) -> list[dict[str, Any]]:
    head: dict[str, Any] = {"create": {"_id": shared.id}}
    if found:
        on = {"if_seq_no": found.seq_no, "if_primary_term": found.primary_term}
        head = {"index": {"_id": shared.id, **on}}
    content = {n: value for n, value in asdict(shared).items() if value not in ("", ())}
    return [head, content]


def _look_at(about: Mapping[str, Any], index: str) -> None:
    """Raise for an error that is more than somebody who was quicker."""
    error = about["error"]
    verdict = judge(about["status"], str(error.get("type", "")))
    if verdict == "denied":
        raise denied(describe(error), name(index))
    if verdict != "conflict":
        raise ServiceUnavailable(f"{name(index)} takes no withdrawal now: {describe(error)}")


def _parsed(entry: Mapping[str, Any]) -> Shared | None:
    source = entry.get("_source") or {}
    keys = source.get("keys", [])
    content = {n: source[n] for n in _NAMES if n in source} | {
        "keys": (keys,) if isinstance(keys, str) else tuple(keys) if isinstance(keys, list) else 0
    }
    if content.get("id") == entry["_id"] and _is_sound(content):
        return Shared(**_cut(content))
    log.warning("withdrawals.another_s", id=entry["_id"])
    return None


def _cut(content: Mapping[str, Any]) -> dict[str, Any]:
    """With so much of its words as a site keeps: an older release has told more of them."""
    words = {n: text for n, text in content.items() if isinstance(text, str) and n != "id"}
    cut = {n: sound_day(text) if n == "day" else sound_words(text) for n, text in words.items()}
    return {**content, **cut}


def _is_sound(content: Mapping[str, Any]) -> bool:
    kinds = {"restored": bool, "purged": bool, "revision": int, "keys": tuple}
    if any(type(value) is not kinds.get(n, str) for n, value in content.items()):
        return False
    if not all(is_words(value) for value in content.values() if isinstance(value, str)):
        return False
    return are_keys(content["keys"]) and 0 < content.get("revision", 0) <= HIGHEST
