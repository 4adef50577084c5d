"""When messages of work that had its turn are taken though others wait: else they might for ever.

By the clock and not by their number: one of them may take a hundred times as long as the others.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

#: Seconds after which one is taken before others.
LONGEST = 600.0


class Behind:
    """What one worker takes; ``clock`` tells seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._since = clock, clock()

    def taken(self) -> None:
        """One was."""
        self._since = self._clock()

    def in_order(self, lists: list[T]) -> list[T]:
        """The lists of messages, of which the last is theirs, in the order they are to be asked."""
        due = self._clock() - self._since >= LONGEST
        return [*lists[-1:], *lists[:-1]] if due else lists
