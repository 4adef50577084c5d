"""Whose work that had its turn goes on next: who will have had the least of the time, first.

In the order of the messages alone, whoever has brought many files that take long would keep those
of others waiting for a turn of each of his. As the schedulers of operating systems do it: each
sender has a share of his own, and what he has had is forgotten by halves. And as nobody knows how
many senders one person is, a batch's turns are short at first while others wait, and get longer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TypeVar

from worker.intake.turn import ENDLESS
from worker.spool.origin import senders_of
from worker.spool.spool import Batch, Spool

T = TypeVar("T")

#: Seconds after which what somebody has had counts half.
FORGOTTEN = 600.0
#: Seconds of a batch's first turn behind others, and as many as it had more of each later one. From
#: so many on it is one as any other.
SHORT, LONG = 5.0, 30.0


@dataclass(slots=True)
class Shares:
    """What each sender has had of one process's time, in seconds, by his uid.

    What a batch has had of all processes' stands in it.
    """

    spool: Spool
    clock: Callable[[], float] = time.monotonic
    _had: dict[int, float] = field(default_factory=dict)
    _since: float = 0.0
    _senders: dict[str, frozenset[int]] = field(default_factory=dict)

    def before(self, batch: Batch) -> list[Batch]:
        """Others that are to go on before a batch that had its turn, first things first.

        Those whose senders will have had less after the next turn than any of its own; of one
        sender those that had the least.
        """
        if not batch.had_turn():
            return []
        self._forget()
        others = self._waiting()
        self._keep([batch, *others])
        after = self._after(batch)
        return sorted((o for o in others if self._after(o) < after), key=self._order)

    def seconds(self, batch: Batch) -> float:
        """How long the next turn of a batch is to be that had one; ``ENDLESS``: as any.

        It is short for others' sake: where all that waits is of the same senders it is not.
        """
        seconds, senders = SHORT + batch.spent(), self._of(batch)
        others = any(self._of(other) != senders for other in self._waiting())
        return seconds if seconds < LONG and others else ENDLESS

    def of(self, batch: Batch, work: Callable[[], T]) -> T:
        """Do the ``work`` of a batch; where it had its turn, at the expense of its senders."""
        if not batch.had_turn():
            return work()
        begins, senders = self.clock(), senders_of(batch)
        try:
            return work()
        finally:
            self._senders.pop(batch.name, None)
            took = self.clock() - begins
            with suppress(OSError):  # it is done, or the disk is full: that is told elsewhere
                batch.spend(took)
            for sender in senders:
                self._had[sender] = self._had.get(sender, 0.0) + took / len(senders)

    def _waiting(self) -> list[Batch]:
        """What had its turn, but for what waits for its writer: that would do so again, at once."""
        return [each for each in self.spool.batches() if each.had_turn() and not each.held()]

    def _order(self, batch: Batch) -> tuple[float, float, str]:
        return self._after(batch), batch.spent(), batch.name

    def _after(self, batch: Batch) -> float:
        """What the one of its senders will have had at least who had the least."""
        had = min((self._had.get(sender, 0.0) for sender in self._of(batch)), default=0.0)
        return had + min(SHORT + batch.spent(), LONG)

    def _of(self, batch: Batch) -> frozenset[int]:
        """Asked once in a turn of it: only then anything of it goes."""
        known = self._senders.get(batch.name) or senders_of(batch)
        self._senders[batch.name] = known
        return known

    def _keep(self, batches: Iterable[Batch]) -> None:
        """Only what is known of these; others are done."""
        names = {each.name for each in batches}
        for name in self._senders.keys() - names:
            del self._senders[name]

    def _forget(self) -> None:
        now = self.clock()
        share = _left_after(now - self._since)
        self._since = now
        self._had = {sender: had * share for sender, had in self._had.items() if had * share > 1.0}


@dataclass(slots=True)
class Lately:
    """What some work has had of one process's time, forgotten as above."""

    clock: Callable[[], float] = time.monotonic
    _had: float = 0.0
    _since: float = 0.0

    def seconds(self) -> float:
        """So many that count still."""
        now = self.clock()
        self._had *= _left_after(now - self._since)
        self._since = now
        return self._had

    @contextmanager
    def taken(self) -> Iterator[None]:
        """What is done inside is that work."""
        begins = self.clock()
        try:
            yield
        finally:
            self._had = self.seconds() + self.clock() - begins


def _left_after(seconds: float) -> float:
    return float(0.5 ** (seconds / FORGOTTEN))
