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
    """So many seconds from now, if no other is around it; once over, it stays so."""

    def __init__(self, clock: Callable[[], float], seconds: float) -> None:
        self._clock, self._is_over = clock, False
        now, around = clock(), _around.get()
        self._ends = now + seconds
        if around:
            self._ends = min(self._ends, max(around._ends, now + LEAST))

    def over(self) -> bool:
        """Whether it is."""
        self._is_over = self._is_over or self._clock() > self._ends
        return self._is_over

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
