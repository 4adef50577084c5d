"""For how long confined readers may read for what others wait for, all of them together.

What they compute costs this process nothing: no limit of our own processor time sees it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from math import ceil

from articles.errors import TooSlow
from extraction.confined.limits import Limits


@dataclass(slots=True)
class Hurry:
    """So many seconds are ``left``, by the clock; what takes longer raises ``late``."""

    left: float
    late: TooSlow
    clock: Callable[[], float] = time.monotonic

    @contextmanager
    def on(self) -> Iterator[None]:
        """While what is inside reads."""
        token = _now.set(self)
        try:
            yield
        finally:
            _now.reset(token)

    @contextmanager
    def within(self, limits: Limits) -> Iterator[Limits]:
        """One reading, by the limits that are left of its own."""
        if self.left <= 0:
            raise self.late
        seconds, begins = min(limits.seconds, ceil(self.left)), self.clock()
        try:
            yield replace(limits, seconds=seconds)
        except TooSlow as slow:
            raise self.late if seconds < limits.seconds else slow from None
        finally:
            self.left -= self.clock() - begins


@contextmanager
def hurried(limits: Limits) -> Iterator[Limits]:
    """The limits of a reading inside: narrower ones where somebody hurries."""
    if hurry := _now.get():
        with hurry.within(limits) as narrower:
            yield narrower
    else:
        yield limits


_now: ContextVar[Hurry | None] = ContextVar("now", default=None)
