"""Files that were read go into the index as what they are known, and then to their end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from articles.errors import ServiceUnavailable
from indexing.writing import write
from worker import failpoint
from worker.intake.documents import Documents
from worker.intake.ends import Ends
from worker.intake.fates import ItemFate
from worker.intake.reading import ReadFile
from worker.meter import Meter
from worker.spool.spool import Batch, Spool

#: Of so many batches in the spool each is one of the last: its own, and one at work beside it.
LAST = 2


class Looks(Protocol):
    """How it is looked up which articles files are. Raises ``ServiceUnavailable``."""

    def look(self, batch: Batch, reads: Sequence[ReadFile]) -> list[ReadFile]: ...


@dataclass(frozen=True, slots=True)
class TakingIn:
    """Takes articles in."""

    spool: Spool
    known: Looks
    documents: Documents
    ends: Ends
    meter: Meter

    def take_in(
        self, batch: Batch, reads: Sequence[ReadFile], *, more: bool = False
    ) -> list[ItemFate]:
        """What became of each; ``more``: another batch comes right behind this one."""
        if not reads:
            return []
        failpoint.reach("intake.read")
        with self.meter.stage("intake.index"):
            last = not more and len(self.spool) <= LAST + batch.depth
            reads, fates = self._known_and_put(batch, reads, last=last)
        with self.meter.stage("intake.settle"):
            return self.ends.settle(batch, list(zip(reads, fates, strict=True)))

    def _known_and_put(
        self, batch: Batch, reads: Sequence[ReadFile], *, last: bool
    ) -> tuple[Sequence[ReadFile], Sequence[write.WriteResult | None]]:
        try:
            reads = self.known.look(batch, reads)
        except ServiceUnavailable as fault:  # nobody knows yet what they are: all of them wait
            return reads, [write.WriteResult("", "away", str(fault))] * len(reads)
        return reads, self.documents.put(batch, reads, last=last)
