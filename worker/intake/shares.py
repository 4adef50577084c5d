"""Whose work that had its turn goes on next: who had the least of the time, first.

In the order of the messages alone, whoever has brought many files that take long would keep those
of others waiting for a turn of each of his. As the schedulers of operating systems do it: each
sender has a share of his own, and what he has had is forgotten by halves.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from worker.spool.origin import senders_of
from worker.spool.spool import Batch, Spool

T = TypeVar("T")

#: Seconds after which what somebody has had counts half; and so much more than others he may have.
FORGOTTEN, MORE = 600.0, 30.0


@dataclass(slots=True)
class Shares:
    """What each sender has had of one process's time, in seconds, by his uid."""

    spool: Spool
    clock: Callable[[], float] = time.monotonic
    _had: dict[int, float] = field(default_factory=dict)
    _since: float = 0.0
    _senders: dict[str, frozenset[int]] = field(default_factory=dict)
    _worked: dict[str, float] = field(default_factory=dict)

    def before(self, batch: Batch) -> list[Batch]:
        """Others that are to go on before a batch that had its turn, first things first.

        Those of senders who have had less than any of its own, by more than a turn; of one sender
        those that have waited longest.
        """
        if not batch.had_turn():
            return []
        self._forget()
        others = [each for each in self.spool.batches() if each.had_turn()]
        self._keep(others)
        most = self._least(batch) - MORE
        return sorted((o for o in others if self._least(o) < most), key=self._order)

    def of(self, batch: Batch, work: Callable[[], T]) -> T:
        """Do the ``work`` of a batch; where it had its turn, at the expense of its senders."""
        if not batch.had_turn():
            return work()
        begins, senders = self.clock(), senders_of(batch)
        try:
            return work()
        finally:
            self._senders.pop(batch.name, None)
            now = self._worked[batch.name] = self.clock()
            for sender in senders:
                self._had[sender] = self._had.get(sender, 0.0) + (now - begins) / len(senders)

    def _order(self, batch: Batch) -> tuple[float, float, str]:
        return self._least(batch), self._worked.get(batch.name, 0.0), batch.name

    def _least(self, batch: Batch) -> float:
        return min((self._had.get(sender, 0.0) for sender in self._of(batch)), default=0.0)

    def _of(self, batch: Batch) -> frozenset[int]:
        """Asked once in a turn of it: only then anything of it goes."""
        known = self._senders.get(batch.name) or senders_of(batch)
        self._senders[batch.name] = known
        return known

    def _keep(self, batches: Iterable[Batch]) -> None:
        """Only what is known of these; others are done."""
        names = {each.name for each in batches}
        for known in (self._senders, self._worked):
            for name in known.keys() - names:
                del known[name]

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
