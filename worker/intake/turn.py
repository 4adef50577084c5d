"""For how long one message works before others have their turn, by the clock.

A turn that begins within another one, as that of a container's members does, ends with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")

#: Seconds that one has all the same within another that is over: what has just been put into the
#: spool is mostly worked in less.
LEAST = 10.0


class Turn:
    """So many seconds from now, if no other is around it; once over, it stays so.

    ``had``: who had enough of a message's first turn, by what of his came to nothing. None in a
    later one, in which nobody has to hurry. What is within another one has that one's.
    """

    def __init__(
        self, clock: Callable[[], float], seconds: float, had: set[int] | None = None
    ) -> None:
        self._clock, self._is_over = clock, False
        now, around = clock(), _around.get()
        self.had: set[int] | None = around.had if around and had is None else had
        self._ends, self._around = now + seconds, around
        if around:
            self._ends = min(self._ends, max(around._ends, now + LEAST))

    def over(self) -> bool:
        """Whether it is."""
        self._is_over = self._is_over or self._clock() > self._ends
        return self._is_over

    def in_vain(self, sender: int) -> None:
        """Something of a sender's (his uid) took long, and is not read: the rest of his waits.

        What it is within is a container of his, or his message, and has not more of its turn.
        """
        if self.had is not None:
            self.had.add(sender)
            if self._around:
                self._around.end()

    def had_his(self, sender: Callable[[], int]) -> bool:
        """Whether that sender, who is asked for where it matters, had enough of a first turn."""
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
