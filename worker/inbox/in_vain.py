"""Files that could not be had: they are not tried again with every look."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

REFUSED_SECONDS = 30.0


@dataclass(slots=True)
class InVain:
    """Until when they are left alone (seconds since the epoch), by inode.

    Of its other names a file is not asked for: it may have 65,000, which cost nothing.
    """

    _until: dict[int, float] = field(default_factory=dict)
    _refused: int = 0

    def look(self, now: float) -> None:
        """A look begins: what is over is forgotten."""
        self._refused = 0
        self._until = {inode: end for inode, end in self._until.items() if now < end < math.inf}

    def vanished(self, inode: int) -> None:
        """Its owner has taken it away, or renamed a folder on its way: the next look tells."""
        self._until[inode] = math.inf

    def refused(self, inode: int, now: float) -> int:
        """The system, or what has taken the file's place, does not let us have it.

        How many were refused in this look.
        """
        self._until[inode] = now + REFUSED_SECONDS
        self._refused += 1
        return self._refused

    def has(self, inode: int, now: float) -> bool:
        """Whether it is not tried now."""
        return now < self._until.get(inode, 0.0)
