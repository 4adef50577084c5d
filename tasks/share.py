"""How long the processes of a worker take for what is asked beside its work: a tenth of the time.

A question of 400 bytes may take a third of a second, and stands before everybody's files.
"""

from __future__ import annotations

import mmap
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from articles.errors import UsageError

#: For each second that is taken so many have to pass, but for the first ``IN_ADVANCE`` of them.
TIMES, IN_ADVANCE = 10.0, 10.0


class Share:
    """All children have it together, also those that take another's place: make it before the fork.

    What they share is the moment until which they have to wait; ``clock`` tells seconds.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._until = memoryview(mmap.mmap(-1, 8)).cast("d")
        self._clock = clock

    @contextmanager
    def taken(self) -> Iterator[None]:
        """What is done inside counts. Raises ``UsageError`` where the share is used up."""
        began, advance = self._clock(), TIMES * IN_ADVANCE
        if self._until[0] > began + advance:
            raise UsageError("very much was asked here lately: ask again in a minute or two")
        try:
            yield
        finally:
            now = self._clock()
            until = max(self._until[0], now) + TIMES * (now - began)
            self._until[0] = min(until, now + 2 * advance)
