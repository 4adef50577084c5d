"""From one mapping version to the next, while articles keep coming and searches keep working.

The new version is built beside the old one and takes over the alias in one atomic step. What
is guaranteed, whatever is killed and whenever:

- The alias always points to one complete index; searches never see a half-built one.
- No write is lost. Copying repeats until little is left, then writes are held off by a block
  on the old index (writers see :class:`ServiceUnavailable` and wait), the rest is copied, and the
  alias moves. Elasticsearch lets no write in flight slip past such a block.
- What is removed meanwhile (a file's part, in whose place the whole has come) leaves the copy, too.
- Every step is repeatable: documents are copied with their version, and only a higher one
  replaces what is there. A migration that died goes on from its last complete part, which the new
  index knows, by calling :func:`migrate` again.
  One that was killed (SIGKILL) within the moment of the block leaves writes waiting until then.

The old index stays, read-only.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch, NotFoundError

from articles.errors import ServiceUnavailable, UsageError
from indexing.index import copying, mapping
from indexing.index.copies import data_nodes, wanted_replicas
from indexing.index.copying import Copy, Pace, Part, Reached, Say
from indexing.index.faults import no_index, translate_errors
from indexing.index.manage import PATIENCE, concrete_of, family, make
from indexing.index.released import RELEASED, readable
from indexing.index.removed import follow_removals

# Few enough to be copied while writers wait; more passes than this do not catch up anyway.
_FEW, _PASSES = 500, 10
_REMEMBERED = "7d"


@dataclass(frozen=True, slots=True)
class Shape:
    """What is wanted of the new index; ``None`` where the old one, or the cluster, decides."""

    shards: int | None = None
    replicas: int | None = None


KEPT, NORMAL = Shape(), Pace()


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
    shape: Shape = KEPT,
    pace: Pace = NORMAL,
) -> Migration | None:
    """Bring the alias ``index`` to this program's mapping; ``None`` where it is there already.

    Documents of older versions get what newer fields hold (``indexing.index.derived``); times in
    UTC become those of the time ``zone``. An index with other shards than ``shape`` wants is built
    anew, too; ``force`` rebuilds in any case. Progress goes to ``say``, a line at a time. Raises
    :class:`UsageError` without the alias or where a document does not fit the new mapping, and
    :class:`ServiceUnavailable`; the alias then still points to the old index.
    """
    client = client.options(request_timeout=PATIENCE)
    old = concrete_of(client, index)
    if old is None:
        raise no_index(index)
    about = family(client, index)
    unfinished = _unfinished(about, old, shape)
    if not (force or unfinished) and _as_wanted(about[old], shape):
        say(f"{old} has the current mapping (version {mapping.MAPPING_VERSION}).")
        return None
    new = unfinished or _begin(client, index, old, about[old], shape)
    _remember_removals(client, old)
    say(f"Building {new} beside {old}.")
    copy = Copy(client, old, new, zone, pace)
    run = Run(copy, _shards(about[old]), say, _reached(about.get(new)))
    run.catch_up()
    documents = _take_over(run, index)
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


def _shards(about: Mapping[str, Any]) -> int:
    return int(about["settings"]["index"]["number_of_shards"])


def _as_wanted(about: Mapping[str, Any], shape: Shape) -> bool:
    current = _meta(about).get("sha256") == mapping.fingerprint()
    return current and shape.shards in {None, _shards(about)}


def _unfinished(about: Mapping[str, Any], old: str, shape: Shape) -> str | None:
    for name, described in about.items():
        if _meta(described).get("migrating_from") == old and _as_wanted(described, shape):
            return name
    return None


def _reached(about: Mapping[str, Any] | None) -> Reached:
    """How far one that was cut short had come."""
    noted = _meta(about).get("reached", {}) if about else {}
    return {int(shard): int(number) for shard, number in noted.items()}


def _begin(
    client: Elasticsearch, index: str, old: str, about: Mapping[str, Any], shape: Shape
) -> str:
    kept = about["settings"]["index"]
    now = int(kept["number_of_replicas"])
    settings = mapping.settings(
        shape.shards or _shards(about),
        wanted_replicas(shape.replicas, data_nodes(client), now),
        kept.get("refresh_interval", "500ms"),
    )
    base = f"{index}-v{mapping.MAPPING_VERSION}"
    for number in count(1):
        name = base if number == 1 else f"{base}-{number}"
        if make(client, name, settings, mapping.mappings(migrating_from=old)):
            return name
    raise AssertionError  # count() does not end


@dataclass(slots=True)
class Run:
    """A migration on its way, and how far each shard of the old index has come."""

    copy: Copy
    shards: int
    say: Say
    reached: Reached
    _ended: set[Part] = field(default_factory=set)

    def catch_up(self) -> None:
        """Copy all, then what was written during that, and so on, until little is left."""
        for _ in range(_PASSES):
            upto = self.checkpoints()
            copying.copy_parts(
                self.copy, copying.parts(self.reached, upto), self.say, self._part_ended
            )
            self.reached = {shard: max(upto[shard], self.reached.get(shard, -1)) for shard in upto}
            if _written_after(self) < _FEW:
                break

    def checkpoints(self) -> Reached:
        return copying.checkpoints(self.copy.client, self.copy.old, self.shards)

    def _part_ended(self, part: Part) -> None:
        """Note it in the new index, for whoever continues: as far as nothing before is missing."""
        self._ended.add(part)
        before = dict(self.reached)
        while nexts := [p for p in self._ended if p.above == self.reached.get(p.shard, -1)]:
            for each in nexts:
                self._ended.remove(each)
                self.reached[each.shard] = each.upto or 0
        if self.reached != before:
            noted = {str(shard): number for shard, number in sorted(self.reached.items())}
            meta = mapping.meta_of(migrating_from=self.copy.old, reached=noted)
            with translate_errors():
                self.copy.client.indices.put_mapping(index=self.copy.new, meta=meta)


def _written_after(run: Run) -> int:
    """How many writes came since, of which a document may have had several."""
    now = run.checkpoints()
    return sum(now[shard] - run.reached[shard] for shard in now)


def _take_over(run: Run, index: str) -> int:
    client, old, new = run.copy.client, run.copy.old, run.copy.new
    try:
        with translate_errors():
            client.indices.add_block(index=old, block="write")
        left = copying.rest(run.reached, copying.last_writes(client, old, run.shards))
        # Writers wait for it: all at once, at no measured pace.
        hurry = replace(run.copy, pace=Pace(slices=max(1, len(left))))
        copying.copy_parts(hurry, left, lambda _: None, lambda _: None)
        documents = _compared(client, old, new)
        _swap(client, index, old, new)
    except BaseException:
        _release(client, index, old)
        raise
    return documents


def _compared(client: Elasticsearch, old: str, new: str) -> int:
    with translate_errors():
        client.indices.refresh(index=f"{old},{new}")
        before, after = (_count(client, name) for name in (old, new))
    if before < after and follow_removals(client, old, new):
        return _compared(client, old, new)
    if before != after:
        raise UsageError(
            f"{old} holds {before} documents, its copy {new} {after}: another program has written "
            f"into the copy. Nothing reads {new} yet: delete that index, and migrate again."
        )
    return after


def _count(client: Elasticsearch, index: str) -> int:
    answer = client.count(index=index)
    if answer.body.get("_shards", {}).get("failed"):
        raise ServiceUnavailable(f"A part of {index} does not answer now.")
    return int(answer["count"])


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
