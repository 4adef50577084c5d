"""Files are read as their batch has them: in its turn, and beside what their container said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial

from worker.intake.assets import Assets
from worker.intake.former import WITHIN
from worker.intake.reading import FileReader, ReadFile
from worker.intake.slow import ADVICE as SINGLY
from worker.intake.slow import BESIDE, SlowMembers
from worker.intake.turn import Turn
from worker.intake.unread import told_apart
from worker.meter import Meter
from worker.spool import unpacked
from worker.spool.origin import sender_of
from worker.spool.settle import Reason
from worker.spool.spool import Batch, SpooledFile

IN_CONTAINER = "What it is lies in the container, in the archive. Mend it and drop it by itself."


@dataclass(frozen=True, slots=True)
class BatchReader:
    """Reads files of batches."""

    reader: FileReader
    assets: Assets
    slow_members: SlowMembers
    meter: Meter

    def read_all(self, batch: Batch, files: Sequence[SpooledFile], turn: Turn) -> list[ReadFile]:
        """As many as come in the turn; the others are ``later``."""
        with self.meter.stage("intake.read"):
            overdue = abs(datetime.now(UTC) - batch.received) > WITHIN
            faults, turns = unpacked.faults(batch.faults), unpacked.turns(batch.turns)
            reads = self.reader.read_all(
                files,
                batch.received,
                turn=turn,
                turns=turns,
                sender=partial(sender_of, batch),
                archived=batch.reread(),
                overdue=overdue,
            )
            reads = told_apart(batch, reads, self.reader.why_unread, overdue=overdue)
            for read in reads:
                if read.slow and (read.seconds or read.file.relative not in turns):  # it was tried
                    unpacked.has_turn(batch.turns, read.file.relative)
            if batch.depth:
                reads = self._patiently(batch, reads)
            reads = [_with_fault(read, faults) for read in reads]
            return self.assets.look(batch, reads)

    def _patiently(self, batch: Batch, reads: Sequence[ReadFile]) -> list[ReadFile]:
        """Members as they were read; what takes long fails where its container is given up."""
        self.slow_members.note(batch, reads)
        if not (slow := self.slow_members.of_batch(batch)):
            return list(reads)
        fault = Reason(BESIDE.format(slow), "unpack", SINGLY)
        return [replace(r, later=False, fault=fault) if r.slow else r for r in reads]


def _with_fault(read: ReadFile, faults: Mapping[str, str]) -> ReadFile:
    """With what its container said of it, where it could not be had out of it."""
    said = faults.get(read.file.relative)
    if said is None or read.look is None:
        return read
    return replace(read, article=None, fault=Reason(said, "unpack", IN_CONTAINER))
