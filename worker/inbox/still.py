"""Of every file of a look that was not ready, as little as tells whether it is still the same."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from dataclasses import dataclass, field
from secrets import randbelow

from worker.inbox.readiness import Observation, Seen

#: So many files, eight bytes each: whose they are does not matter, for one person may be very
#: many users. Of more than that chance decides, anew each time.
MOST = 500_000


@dataclass(slots=True)
class Still:
    """The files of one look, for the first that begins ``wait`` seconds after it.

    As nothing is known of their growth, ``wait`` is to be the longest that may be needed.
    ``since``: when that look ended (seconds since the epoch).
    """

    wait: float
    since: float = 0.0
    _before: array[int] = field(default_factory=lambda: array("q"))
    _marks: array[int] = field(default_factory=lambda: array("q"))
    _count: int = 0
    _due: bool = False

    def begin(self, now: float) -> None:
        """A look begins; a clock that was set back keeps nobody waiting until it is there again."""
        self._due = not 0.0 <= now - self.since < self.wait
        self._marks, self._count = array("q"), 0

    def known(self, seen: Seen) -> Observation | None:
        """What is known of a file: that it has been the same for as long as may be needed."""
        if self._due and _has(self._before, hash(seen)):
            return Observation(seen, self.since)
        return None

    def add(self, seen: Seen) -> None:
        """One that is not ready."""
        if self._due:
            self._add(hash(seen))

    def end(self, now: float, *, whole: bool) -> None:
        """The look is over.

        Where it was cut off, what it did not come to is known as before: for as long again the
        next looks may come to it, and later it is taken over.
        """
        if not self._due or (not whole and 0.0 <= now - self.since < 2 * self.wait):
            return
        if not whole:
            found = array("q", sorted(self._marks))
            for mark in self._before:
                if not _has(found, mark):
                    self._add(mark)
        self._before, self._marks, self.since = array("q", sorted(self._marks)), array("q"), now

    def _add(self, mark: int) -> None:
        """Each of a look's has the same chance, wherever it comes."""
        self._count += 1
        if len(self._marks) < MOST:
            self._marks.append(mark)
        elif (place := randbelow(self._count)) < MOST:
            self._marks[place] = mark


def _has(marks: array[int], mark: int) -> bool:
    place = bisect_left(marks, mark)
    return place < len(marks) and marks[place] == mark
