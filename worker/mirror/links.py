"""Links to one file of a tree: what was read under one name need not be read under another.

One touch has all of them read again, and there may be 65,000 to each file.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from worker.mirror.difference import Look
from worker.mirror.listing import look_of

#: Of so many files it is known; each has cost its owner as many bytes as it has.
MOST = 10_000


@dataclass(slots=True)
class Links:
    """The digests of files that have several names, as they looked.

    Nobody sets the time of a change: what looks the same with it is what was read. It may be
    forgotten: then it is read once more.
    """

    _digests: dict[tuple[int, Look], str] = field(default_factory=dict)

    def digest(self, status: os.stat_result) -> str:
        """The SHA-256 of a file, "" where it is not known."""
        return self._digests.get((status.st_dev, look_of(status)), "")

    def keep(self, status: os.stat_result, digest: str) -> None:
        """It was read whole, and looked so before and after that."""
        if status.st_nlink == 1:
            return
        self._digests[status.st_dev, look_of(status)] = digest
        if len(self._digests) > MOST:
            del self._digests[next(iter(self._digests))]
