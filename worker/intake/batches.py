"""Which batch is worked as a message comes: its own, or one of others that goes on before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import structlog

from articles.errors import DepescheError
from worker.intake.fates import LATER, ItemFate
from worker.intake.shares import Shares
from worker.intake.turn import ENDLESS
from worker.intake.unpack import SO_FAR
from worker.reconcile.publisher import TaskPublisher
from worker.spool.spool import Batch, Spool

log = structlog.get_logger()

#: Batches of others that are tried before the one whose message has come.
TRIED = 3


class Owned(Protocol):
    """How a batch is worked that this process owns; ``seconds``: how long a later turn is."""

    def __call__(self, batch: Batch, *, seconds: float) -> list[ItemFate]: ...


@dataclass(frozen=True, slots=True)
class Batches:
    """Gives batches their turns."""

    spool: Spool
    shares: Shares
    publisher: TaskPublisher
    owned: Owned

    def batch(self, name: str, *, before_others: bool) -> list[ItemFate]:
        """Work the batch of that name; nothing if it is done or somebody else works on it.

        Where it had its turn, one of whoever had less of the time goes on in its place
        (``shares.py``). ``before_others``: its message was; then it goes behind them first, whoever
        sent that.
        """
        batch = self.spool.batch(name)
        if batch is None:
            return []
        if before_others and batch.had_turn():
            self.publisher.intake(name, behind=True)
            return []
        if fates := self._of_others(batch):
            return fates
        fates = self._turn(batch) or []
        self.goes_on(batch, fates)
        return fates

    def _of_others(self, batch: Batch) -> list[ItemFate]:
        """What became of the batch that goes on before this one, if one came any further.

        This one's message is sent once more. What waits for a service or a disk would do so again,
        at once: of such ones only some are tried.
        """
        for other in self.shares.before(batch)[:TRIED]:
            try:
                fates = self._turn(other) or []
            except (OSError, DepescheError):  # that is told where it has its own message
                log.warning("batch.passed_over", batch=other.name, exc_info=True)
                continue
            if any(fate.fate != "waiting" or _is_put_off(fate) for fate in fates):
                self.goes_on(other, fates)
                self.publisher.intake(batch.name, behind=True)
                return fates
        return []

    def _turn(self, batch: Batch) -> list[ItemFate] | None:
        """The fates of a batch's files, None where somebody else works on it."""
        with batch.owned() as mine:
            if not mine:
                return None
            seconds = self.shares.seconds(batch) if batch.had_turn() else ENDLESS
            return self.shares.of(batch, partial(self.owned, batch, seconds=seconds))

    def goes_on(self, batch: Batch, fates: Sequence[ItemFate]) -> None:
        """When others had their turn."""
        if any(map(_is_put_off, fates)):
            self.publisher.intake(batch.name, behind=True)


def _is_put_off(fate: ItemFate) -> bool:
    """Whether it waits for others to have their turn, and for nothing else."""
    return fate.reason.endswith((SO_FAR, LATER))
