"""For how long one message works before others have their turn, by the clock.

A turn that begins within another one, as that of a container's members does, ends with it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")

#: Seconds that each file may take in a turn in which nobody has to hurry.
ENDLESS = math.inf
#: Seconds that one has all the same within another that is over: what has just been put into the
#: spool is mostly worked in less.
LEAST = 10.0


class Turn:
    """So many seconds from now, if no other is around it; once over, it stays so.

    ``each``: seconds that a file of it may take. Who hurries so has one that takes longer tried,
    and had enough then: ``had`` are such senders. What is within another one hurries as that does.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        seconds: float,
        each: float = ENDLESS,
        had: set[int] | None = None,
    ) -> None:
        self._clock, self._is_over = clock, False
        now, around = clock(), _around.get()
        self.each, self.had, self._seconds = each, set() if had is None else had, seconds
        self._ends, self._around = now + seconds, around
        if around:
            self._ends = min(self._ends, max(around._ends, now + LEAST))
        if around and around.each <= each:
            self.each, self.had = around.each, around.had

    @property
    def hurries(self) -> bool:
        """Whether what takes long in it waits for a later one."""
        return self.each < ENDLESS

    def again(self, seconds: float) -> Turn:
        """One that begins now, for the same; so many seconds at least."""
        return Turn(self._clock, max(self._seconds, seconds), self.each, self.had)

    def over(self) -> bool:
        """Whether it is."""
        self._is_over = self._is_over or self._clock() > self._ends
        return self._is_over

    def in_vain(self, sender: int) -> None:
        """Something of a sender's (his uid) took long, and is not read: the rest of his waits.

        What it is within is a container of his, or his message, and has not more of its turn.
        """
        if self.hurries:
            self.had.add(sender)
            if self._around:
                self._around.end()

    def had_his(self, sender: Callable[[], int]) -> bool:
        """Whether that sender, who is asked for where it matters, had enough of it."""
        return bool(self.had and sender() in self.had)

    def end(self) -> None:
        """It is over, and so is what it is within."""
        self._is_over = True
        if self._around:
            self._around.end()

    def now(self) -> float:
        """Seconds of its clock."""
        return self._clock()

    def those(self, each: Iterator[T]) -> Iterator[T]:
        """Those of a turn, one at least: what it costs is known when it has come."""
        for one in each:
            yield one
            if self.over():
                return

    @contextmanager
    def shared(self) -> Iterator[None]:
        """While turns begin that are within it."""
        token = _around.set(self)
        try:
            yield
        finally:
            _around.reset(token)


_around: ContextVar[Turn | None] = ContextVar("around", default=None)
