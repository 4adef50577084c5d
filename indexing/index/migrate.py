"""From one mapping version to the next, while articles keep coming and searches keep working.

The new version is built beside the old one and takes over the alias in one atomic step. What
is guaranteed, whatever is killed and whenever:

- The alias always points to one complete index; searches never see a half-built one.
- No write is lost. Copying repeats until little is left, then writes are held off by a block
  on the old index (writers see :class:`ServiceUnavailable` and wait), the rest is copied, and the
  alias moves. Elasticsearch lets no write in flight slip past such a block.
- What is removed meanwhile (a file's part, in whose place the whole has come) leaves the copy, too.
- Every step is repeatable: documents are copied with their version, and only a higher one
  replaces what is there. A migration that died is continued by calling :func:`migrate` again.
  One that was killed (SIGKILL) within the moment of the block leaves writes waiting until then.

The old index stays, read-only.
"""

from __future__ import annotations

import contextlib
import time
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch, NotFoundError
from elasticsearch.exceptions import GeneralAvailabilityWarning

from articles.errors import ServiceUnavailable, UsageError
from indexing.index import derived, mapping
from indexing.index.faults import describe, no_index, translate_errors
from indexing.index.manage import PATIENCE, concrete_of, family, make
from indexing.index.released import RELEASED, readable
from indexing.index.removed import follow_removals

Say = Callable[[str], None]

# Few enough to be copied while writers wait; more passes than this do not catch up anyway.
_FEW, _PASSES = 500, 10
_BATCH = 100
_REMEMBERED = "7d"
_POLL_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Copy:
    """From which index to which, and the zone of times that are known in UTC alone."""

    client: Elasticsearch
    old: str
    new: str
    zone: str


@dataclass(frozen=True, slots=True)
class Migration:
    """What a migration did: the old and the new concrete index and the documents in the new."""

    old: str
    new: str
    documents: int


def migrate(
    client: Elasticsearch,
    index: str,
    say: Say,
    *,
    force: bool = False,
    zone: str = "Europe/Berlin",
) -> Migration | None:
    """Bring the alias ``index`` to this program's mapping; ``None`` where it is there already.

    Documents of older versions get what newer fields hold (``indexing.index.derived``); times in
    UTC become those of the time ``zone``. ``force`` rebuilds in any case. Progress goes to
    ``say``, a line at a time. Raises :class:`UsageError` without the alias or where a document does
    not fit the new mapping, and :class:`ServiceUnavailable`; the alias then still points to the old
    index.
    """
    client = client.options(request_timeout=PATIENCE)
    old = concrete_of(client, index)
    if old is None:
        raise no_index(index)
    about = family(client, index)
    unfinished = _unfinished(about, old)
    if not (force or unfinished) and _meta(about[old]).get("sha256") == mapping.fingerprint():
        say(f"{old} has the current mapping (version {mapping.MAPPING_VERSION}).")
        return None
    new = unfinished or _begin(client, index, old, about[old])
    _remember_removals(client, old)
    say(f"Building {new} beside {old}.")
    copy = Copy(client, old, new, zone)
    reached = _catch_up(copy, say)
    documents = _take_over(copy, index, reached)
    held = f"{documents:,} {'document' if documents == 1 else 'documents'}"
    say(f"{index} now points to {new} ({held}); {old} is kept, read-only.")
    return Migration(old, new, documents)


def _remember_removals(client: Elasticsearch, old: str) -> None:
    """Else what is removed and comes again counts from version 1, below that of its copy.

    Its old text would stay in the new index: Elasticsearch forgets a removal after a minute.
    """
    with translate_errors():
        client.indices.put_settings(index=old, settings={"index.gc_deletes": _REMEMBERED})


def _meta(about: Mapping[str, Any]) -> Mapping[str, Any]:
    meta: Mapping[str, Any] = about["mappings"].get("_meta", {})
    return meta


def _unfinished(about: Mapping[str, Any], old: str) -> str | None:
    for name, described in about.items():
        meta = _meta(described)
        if meta.get("migrating_from") == old and meta.get("sha256") == mapping.fingerprint():
            return name
    return None


def _begin(client: Elasticsearch, index: str, old: str, about: Mapping[str, Any]) -> str:
    kept = about["settings"]["index"]
    settings = mapping.settings(
        int(kept["number_of_shards"]),
        int(kept["number_of_replicas"]),
        kept.get("refresh_interval", "500ms"),
    )
    base = f"{index}-v{mapping.MAPPING_VERSION}"
    for number in count(1):
        name = base if number == 1 else f"{base}-{number}"
        if make(client, name, settings, mapping.mappings(migrating_from=old)):
            return name
    raise AssertionError  # count() does not end


def _catch_up(copy: Copy, say: Say) -> int:
    # Copies all, then what was written during that, and so on, until little is left.
    reached = -1
    for _ in range(_PASSES):
        upto = _checkpoint(copy.client, copy.old)
        _copy(copy, reached, say)
        reached = upto
        if _written_after(copy.client, copy.old, reached) < _FEW:
            break
    return reached


def _checkpoint(client: Elasticsearch, concrete: str) -> int:
    # Every write up to this number is complete, in each shard.
    with translate_errors():
        stats = client.indices.stats(index=concrete, level="shards", metric=["docs"])
    shards = stats["indices"][concrete]["shards"].values()
    return min(int(copy["seq_no"]["local_checkpoint"]) for copies in shards for copy in copies)


def _later(reached: int) -> dict[str, Any]:
    return {"range": {"_seq_no": {"gt": reached}}}


def _written_after(client: Elasticsearch, concrete: str, reached: int) -> int:
    with translate_errors():
        client.indices.refresh(index=concrete)
        return int(client.count(index=concrete, query=_later(reached))["count"])


def _copy(copy: Copy, reached: int, say: Say) -> None:
    client, old, new = copy.client, copy.old, copy.new
    with translate_errors():
        client.indices.refresh(index=old)
        task = client.reindex(
            source={"index": old, "query": _later(reached), "size": _BATCH},
            dest={"index": new, "version_type": "external"},
            script=derived.script(copy.zone),
            conflicts="proceed",
            wait_for_completion=False,
        )["task"]
    try:
        answer = _wait(client, task, say)
    except BaseException:
        with contextlib.suppress(ApiError, TransportError):
            client.tasks.cancel(task_id=task)
        raise
    _check(new, answer)


def _wait(client: Elasticsearch, task: str, say: Say) -> Mapping[str, Any]:
    said = 0
    while True:
        answer = _task(client, task)
        if answer["completed"]:
            return answer
        status = answer["task"]["status"]
        seen = sum(status[part] for part in ("created", "updated", "version_conflicts"))
        if seen > said:
            say(f"Copied {seen} of {status['total']}.")
            said = seen
        time.sleep(_POLL_SECONDS)


def _task(client: Elasticsearch, task: str) -> Mapping[str, Any]:
    try:
        with translate_errors(), warnings.catch_warnings():
            # The client warns that this API is a preview; it has been there since version 5.
            warnings.simplefilter("ignore", GeneralAvailabilityWarning)
            return dict(client.tasks.get(task_id=task))
    except NotFoundError as error:
        raise ServiceUnavailable("Elasticsearch lost the copying task: migrate again.") from error


def _check(new: str, answer: Mapping[str, Any]) -> None:
    if "error" in answer:
        raise ServiceUnavailable(f"Elasticsearch gave the copying up: {describe(answer['error'])}")
    for failure in answer["response"]["failures"]:
        cause = describe(failure.get("cause") or failure.get("reason"))
        raise UsageError(f"{failure.get('id', 'A document')} cannot be copied to {new}: {cause}")


def _take_over(copy: Copy, index: str, reached: int) -> int:
    client, old, new = copy.client, copy.old, copy.new
    try:
        with translate_errors():
            client.indices.add_block(index=old, block="write")
        _copy(copy, reached, lambda _: None)
        documents = _compared(client, old, new)
        _swap(client, index, old, new)
    except BaseException:
        _release(client, index, old)
        raise
    return documents


def _compared(client: Elasticsearch, old: str, new: str) -> int:
    with translate_errors():
        client.indices.refresh(index=f"{old},{new}")
        before, after = (int(client.count(index=name)["count"]) for name in (old, new))
    if before < after and follow_removals(client, old, new):
        return _compared(client, old, new)
    if before != after:
        raise RuntimeError(f"{old} holds {before} documents, its copy {new} {after}")
    return after


def _swap(client: Elasticsearch, index: str, old: str, new: str) -> None:
    take = {"index": old, "alias": index, "must_exist": True}
    give = {"index": new, "alias": index, "is_write_index": True}
    of_readers: dict[str, Any] = {"alias": readable(index)}
    readers: list[dict[str, Any]] = [
        {"remove": {"index": old, **of_readers, "must_exist": False}},
        {"add": {"index": new, **of_readers, "filter": RELEASED}},
    ]
    try:
        with translate_errors():
            client.indices.update_aliases(actions=[{"remove": take}, {"add": give}, *readers])
    except NotFoundError as error:
        raise UsageError(f"Another migration has moved {index!r} meanwhile.") from error


def _release(client: Elasticsearch, index: str, old: str) -> None:
    # An answer may be lost after the swap was made: then the old index stays read-only.
    with contextlib.suppress(ApiError, TransportError):
        if old in client.indices.get_alias(name=index):
            client.indices.put_settings(index=old, settings={"index.blocks.write": None})
