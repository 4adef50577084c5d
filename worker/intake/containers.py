"""The end of a file that holds many articles: it is unpacked, recorded and moved, or it fails."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Protocol

import structlog

from articles.errors import ArticleFault
from extraction.containers.member import Kind
from extraction.formats.identity import printable_path
from worker import failpoint
from worker.folders import Folders
from worker.inbox.lease import open_writer
from worker.intake.fates import CAME, ItemFate, later
from worker.intake.members import NotAtFirst
from worker.intake.mirrored import Mirrored, drop
from worker.intake.reading import ADVICE, HELD
from worker.intake.turn import Turn
from worker.intake.unpack import STILL_WRITTEN, Unpacker
from worker.meter import Meter
from worker.spool import attempts, deposit, own_copy, unpacked
from worker.spool.digests import Digests, Unhashed
from worker.spool.in_turn import by_turns
from worker.spool.ledger import Entry, Ledger
from worker.spool.origin import note_sender, sender_of
from worker.spool.settle import Reason, archive, fail, look_ahead, settling
from worker.spool.spool import Batch, SpooledFile, iso

log = structlog.get_logger()


class Owned(Protocol):
    """How a batch is worked that this process owns; ``more``: another comes right behind it."""

    def __call__(self, batch: Batch, *, more: bool) -> list[ItemFate]: ...


@dataclass(frozen=True, slots=True)
class Containers:
    """Brings containers to their end."""

    folders: Folders
    ledger: Ledger
    meter: Meter
    mirrored: Mirrored

    def fates(
        self,
        unpacker: Unpacker,
        batch: Batch,
        containers: Sequence[tuple[SpooledFile, Kind]],
        owned: Owned,
        turn: Turn,
        *,
        died: bool,
    ) -> Iterator[ItemFate]:
        """Those of a batch, as many as come in its turn; the rest waits until others had theirs.

        Whose last turn is longest ago comes first: it may be a short one behind one without end.
        """
        kinds = dict(containers)
        turns, sender = unpacked.turns(batch.turns), partial(sender_of, batch)
        in_order = iter(by_turns(kinds, turns, sender))
        for file in turn.those(in_order):
            if turn.had_his(partial(sender_of, batch, file)):
                yield later(file)
                continue
            if len(containers) > 1:
                unpacked.has_turn(batch.turns, file.relative)
            yield self._fate(unpacker, batch, file, kinds[file], owned, turn, died=died)
        yield from map(later, in_order)

    def _fate(
        self,
        unpacker: Unpacker,
        batch: Batch,
        file: SpooledFile,
        kind: Kind,
        owned: Owned,
        turn: Turn,
        *,
        died: bool,
    ) -> ItemFate:
        """Unpack a container and have its members worked.

        After a death its tries are counted before each begins, as any file's are; a part that is in
        the spool speaks for it: what comes then is the fault of members, who count for themselves.
        """
        path, tries = printable_path(file.relative), Tries(batch, file.relative, died)
        if tries.spent():
            error = f"it ended the process that unpacked it, {attempts.LIMIT} times"
            return self._settle(batch, file, ItemFate(path, "failed", "", error))
        tries.begin()
        if refused := self._own(unpacker, batch, file):
            return refused

        def work(members: Batch, more: bool) -> list[ItemFate]:
            tries.survive()
            return owned(members, more=more)

        try:
            fate = unpacker.unpack(batch, file, kind, work, turn)
        except NotAtFirst:
            fate = not_at_first(batch, file, turn)
        tries.survive()
        return fate if fate.fate == "waiting" else self._settle(batch, file, fate)

    def _own(self, unpacker: Unpacker, batch: Batch, file: SpooledFile) -> ItemFate | None:
        """Nobody changes it from now on but who writes it already; his end is waited for.

        What has another link is copied, once nobody writes it. Its fate where that cannot be.
        """
        path = printable_path(file.relative)
        try:
            note_sender(batch, file)
            self._take_over(batch, file, leases=unpacker.leases)
        except ArticleFault as fault:
            return self._settle(batch, file, ItemFate(path, "failed", "", fault.reason))
        except (deposit.Changed, BlockingIOError) as error:
            log.info("file.waits", path=path, why=str(error))
            unpacked.has_turn(batch.turns, file.relative)  # it may be copied again and again
            why = STILL_WRITTEN if isinstance(error, deposit.Changed) else HELD
            fate = unpacker.held(batch, file, why)
            return fate if fate.fate == "waiting" else self._settle(batch, file, fate)
        except OSError as error:
            fate = unpacker.troubled(batch, file, error)
            return fate if fate.fate == "waiting" else self._settle(batch, file, fate)
        return None

    def _take_over(self, batch: Batch, file: SpooledFile, *, leases: bool) -> None:
        """Raises as ``deposit.copy``, and ``Unreadable`` where a disk has no room for copies."""
        place = file.path, file.relative
        if not own_copy.take_over(*place) and leases and open_writer(*place) is False:
            deposit.copy(batch, *place, sys.maxsize)

    def _settle(self, batch: Batch, file: SpooledFile, fate: ItemFate) -> ItemFate:
        """Record its fate, then move it; where it cannot be moved, it waits."""
        now = iso(datetime.now(UTC))
        assert fate.fate != "waiting"  # noqa: S101  (narrows the type: what waits has no end)
        self.ledger.record([Entry(batch.name, fate.path, fate.fate, "", "", fate.reason, now)])
        failpoint.reach("unpack.recorded")
        try:
            if batch.mirror():
                self.mirrored.note(batch, [(file, fate)])
                drop(file)
            else:
                self._move(file, fate)
        except Unhashed:
            return replace(fate, fate="waiting", reason=CAME)
        except OSError as error:
            log.error("file.trouble", path=fate.path, why=str(error))
            return replace(fate, fate="waiting", reason=str(error))
        self.meter.articles(fate.fate)
        unpacked.forget(batch.unpacked, file.relative)
        return fate

    def _move(self, file: SpooledFile, fate: ItemFate) -> None:
        """Into the folder that its members lie in, under its own name; or to ``failed/``."""
        failed, place = fate.fate == "failed", (file.path, file.relative)
        digests = Digests()
        wanted = "" if failed else f"{file.relative}/{file.path.name}"
        look_ahead(self.folders, *place, digests, failed=failed, wanted=wanted)
        digests.frozen = True
        with settling(self.folders):
            if not failed:
                archive(self.folders, *place, digests, wanted)
                log.info("file.unpacked", path=fate.path, held=fate.reason)
                return
            reason = Reason(fate.reason, "unpack", ADVICE)
            fail(self.folders, *place, reason, digests)
        self.meter.failed(reason.stage, reason.error)
        log.warning("file.failed", path=fate.path, reason=reason.error)


class Tries:
    """What deaths say of one container; nothing is counted where none has been."""

    def __init__(self, batch: Batch, relative: str, died: bool) -> None:
        self._batch, self._relative, self._counted = batch, relative, died

    def spent(self) -> bool:
        """Whether it has ended its process too often, each time before a part was in the spool."""
        tries = self._batch.attempts, self._batch.survived, self._relative
        return self._counted and attempts.cut_short(*tries) >= attempts.LIMIT

    def begin(self) -> None:
        """One more."""
        if self._counted:
            attempts.count(self._batch.attempts, self._relative)

    def survive(self) -> None:
        """It came through; said once."""
        if self._counted:
            attempts.count(self._batch.survived, self._relative)
            self._counted = False


def not_at_first(batch: Batch, file: SpooledFile, turn: Turn) -> ItemFate:
    """A file that takes too long for a first turn waits, and so does what else is its sender's."""
    unpacked.has_turn(batch.turns, file.relative)
    turn.in_vain(sender_of(batch, file))
    return later(file)
