"""How long a file rests before it is read again: what was read of it may come to nothing.

A large one is hashed whole, in the one thread that follows all mirrors. Whoever touches it
meanwhile, or again and again, would have it hashed for ever, and no other file followed. Any other
rests where it changed while it was read.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field

#: So many times what the reading took; twice as long each time, but no longer than an hour then.
REST, LONGEST = 4.0, 3_600.0
#: Of so many files it is known; each has cost its owner as many bytes as it has.
MOST = 10_000


@dataclass(slots=True)
class Rests:
    """Rests of files by device, inode and owner, for another name is quickly given.

    The number of an inode is soon another user's; nobody can give his file to another owner.

    They may be forgotten: then each file is read once more. Seconds on a clock that never goes
    back.
    """

    clock: Callable[[], float] = time.monotonic
    #: How long it rests, until when, and how long it would for the last reading alone.
    _rests: dict[tuple[int, int, int], tuple[float, float, float]] = field(default_factory=dict)

    def over(self, status: os.stat_result) -> bool:
        """Whether a file may be read."""
        rest = self._rests.get(_of(status))
        return rest is None or self.clock() >= rest[1]

    def begin(self, status: os.stat_result, took: float) -> None:
        """It was read, for so many seconds."""
        before, *_ = self._rests.pop(_of(status), (0.0, 0.0, 0.0))
        first = REST * took
        rest = max(first, min(2 * before, LONGEST))
        self._rests[_of(status)] = rest, self.clock() + rest, first
        if len(self._rests) > MOST:
            del self._rests[next(iter(self._rests))]

    def end(self, status: os.stat_result) -> None:
        """It came to something: it rests as at first, for a byte is quickly written."""
        if rest := self._rests.get(_of(status)):
            length, until, first = rest
            self._rests[_of(status)] = first, until - length + first, first


def _of(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_dev, status.st_ino, status.st_uid
