"""Each file of a batch to its end: decided, recorded, moved.

In this order, so that a batch that is done again records the same again. A file is moved only
where its document is confirmed, and if it is what was read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import structlog

from extraction.formats.identity import printable_path
from indexing.writing import write
from worker import failpoint
from worker.folders import Folders
from worker.intake.continued import Continued
from worker.intake.fates import CAME, TAKEN, ItemFate, decided_fate
from worker.intake.mirrored import Mirrored, drop
from worker.intake.reading import ADVICE, Look, ReadFile
from worker.intake.refusing import Refusing
from worker.intake.second_look import SecondLooks, Unproven
from worker.meter import Meter
from worker.spool import own_copy
from worker.spool.digests import Digests, Unhashed
from worker.spool.ledger import Entry, Ledger
from worker.spool.settle import Reason, archive, fail, look_ahead, settling
from worker.spool.spool import Batch, iso

log = structlog.get_logger()


class Ends:
    """What becomes of the files of a batch on disk, in the ledger, and in a mirror's state."""

    def __init__(
        self,
        folders: Folders,
        ledger: Ledger,
        meter: Meter,
        refusing: Refusing,
        continued: Continued,
        mirrored: Mirrored,
        second_looks: SecondLooks,
    ) -> None:
        self._folders = folders
        self._ledger = ledger
        self._meter = meter
        self._refusing = refusing
        self._continued = continued
        self._mirrored = mirrored
        self._second_looks = second_looks

    def settle(
        self, batch: Batch, results: Iterable[tuple[ReadFile, write.WriteResult | None]]
    ) -> list[ItemFate]:
        """Decide, record, move: in this order, so that a redone batch records the same again."""
        received = iso(batch.received)
        decided = [(read, decided_fate(read, fate)) for read, fate in results]
        ends = [(read, fate) for read, fate in decided if fate.fate != "waiting"]
        for read in (read for read, _ in decided if read.trouble):
            log.error("file.trouble", path=printable_path(read.file.relative), why=read.trouble)
        failpoint.reach("intake.indexed")
        now = iso(datetime.now(UTC))
        self._ledger.record([_entry(batch.name, read, fate, now) for read, fate in ends])
        failpoint.reach("intake.recorded")
        if batch.mirror():
            return self._settle_mirrored(batch, decided)
        unproven: list[Unproven] = []
        digests = self._hashed(ends)
        with settling(self._folders):
            ended = {
                r.file.relative: self._end(batch, r, fate, unproven, digests)
                for r, fate in self._refusing.meanwhile(ends)
            }
        if unproven:
            self._second_looks.note(batch.name, unproven)
        self._count(received, list(ended.values()))
        return [ended.get(read.file.relative, fate) for read, fate in decided]

    def _settle_mirrored(
        self, batch: Batch, decided: Sequence[tuple[ReadFile, ItemFate]]
    ) -> list[ItemFate]:
        """Files of a mirror: their copies go, and what fails is told by the mirror's state."""
        ends = [(read, fate) for read, fate in decided if fate.fate != "waiting"]
        with settling(self._folders):
            now = self._refusing.meanwhile(ends)
            self._mirrored.note(batch, [(read.file, fate) for read, fate in now])
        for read, fate in now:
            if fate.fate != "waiting":
                drop(read.file)
            if fate.fate == "failed":
                self._meter.failed(read.fault.stage if read.fault else "index", fate.reason)
                log.warning("file.failed", path=fate.path, id=fate.id, reason=fate.reason)
        ended = {read.file.relative: fate for read, fate in now}
        fates = [ended.get(read.file.relative, fate) for read, fate in decided]
        self._count(iso(batch.received), fates)
        return fates

    def _hashed(self, ends: Sequence[tuple[ReadFile, ItemFate]]) -> Digests:
        """The digests that will be wanted under the lock, where nothing may be hashed."""
        digests = Digests()
        for read, fate in ends:
            place, end = (read.file.path, read.file.relative), fate.fate
            failed, withdrawn = end == "failed", end == "withdrawn"
            with suppress(OSError):  # it will be met again, and said, when the file is moved
                look_ahead(self._folders, *place, digests, failed=failed, withdrawn=withdrawn)
        digests.frozen = True
        return digests

    def _end(
        self,
        batch: Batch,
        read: ReadFile,
        fate: ItemFate,
        unproven: list[Unproven],
        digests: Digests,
    ) -> ItemFate:
        """Move a file, if it can be; else it waits alone: the others of the batch go on."""
        try:
            return self._ended(batch, read, fate, unproven, digests)
        except OSError as error:
            log.error("file.trouble", path=fate.path, id=fate.id, why=str(error))
            return replace(fate, fate="waiting", reason=str(error))

    def _ended(
        self,
        batch: Batch,
        read: ReadFile,
        fate: ItemFate,
        unproven: list[Unproven],
        digests: Digests,
    ) -> ItemFate:
        """Move a file, if it is what was read and nothing new has its place; else it waits."""
        if fate.fate == "waiting":
            return fate
        if why := self._continued.why_wait(read):
            log.info("file.waits", path=fate.path, id=fate.id, why=why)
            return replace(fate, fate="waiting", reason=why)
        try:
            target = self._move(batch, read, fate, digests)
        except Unhashed:
            return replace(fate, fate="waiting", reason=CAME)
        failpoint.reach("intake.moved")
        path = str(target.relative_to(self._folders.archive)) if target else ""
        there = Look.below(self._folders.archive, path) if target else None
        # Of a copy nothing is proven about its original, which stays.
        if there and read.look and (not read.proven or there.inode != read.look.inode):
            id_ = fate.id if fate.fate in TAKEN else ""
            look = replace(read.look, inode=there.inode)
            unproven.append(Unproven(path, look, id_, read.sha256))
        return fate

    def _count(self, received: str, fates: Sequence[ItemFate]) -> None:
        for fate in fates:
            if fate.fate != "waiting":
                self._meter.articles(fate.fate)
            if fate.fate in TAKEN:
                self._meter.delay("indexed", received)

    def _move(self, batch: Batch, read: ReadFile, fate: ItemFate, digests: Digests) -> Path | None:
        """Where it is in the archive now, if it is."""
        if fate.fate == "withdrawn":
            self._refusing.put_away(batch, read, digests)
        elif fate.fate == "failed":
            reason = read.fault or Reason(fate.reason, "index", ADVICE)
            fail(self._folders, read.file.path, read.file.relative, reason, digests)
            self._meter.failed(reason.stage, reason.error)
            log.warning("file.failed", path=fate.path, id=fate.id, reason=reason.error)
        elif fate.fate == "asset":
            log.debug("file.asset", path=fate.path, reason=fate.reason)
            with suppress(FileNotFoundError):
                own_copy.take_over(read.file.path, read.file.relative)
            return archive(self._folders, read.file.path, read.file.relative, digests)
        elif read.part.whole:
            self._continued.drop(read)
            log.debug("file.part_of_another", path=fate.path, id=fate.id)
        else:
            self._continued.before_archiving(batch, read)
            original = self._continued.original(batch, read)
            file = read.file
            target = original or archive(self._folders, file.path, file.relative, digests)
            log.debug("file.archived", path=fate.path, id=fate.id, fate=fate.fate)
            return target
        return None


def _entry(batch: str, read: ReadFile, fate: ItemFate, now: str) -> Entry:
    assert fate.fate != "waiting"  # noqa: S101  (narrows the type: what waits has no end)
    return Entry(batch, fate.path, fate.fate, fate.id, read.sha256, fate.reason, now)
