"""What a look at the inbox saw of files that are not ready, for the next one to compare."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import islice

from worker.inbox.readiness import Observation

#: So many are remembered at most: some 30 MB. Anybody may keep any number of files open.
MOST = 50_000


@dataclass(slots=True)
class NotReady:
    """Those of one look: ``count`` are there, and by inode ``known`` the ones behind the ``first``.

    Where there are more than may be known, two looks know the same ones, and the next two those
    behind them: whoever is still from one look to the next is seen to be, sooner or later.
    """

    first: int = 0
    second: bool = False
    count: int = 0
    known: dict[int, Observation] = field(default_factory=dict)

    def add(self, inode: int, observation: Observation) -> None:
        """One more, in the order of the look. It may have very many names."""
        if self.first <= self.count < self.first + MOST:
            self.known[inode] = observation
        self.count += 1

    def following(self) -> NotReady:
        """For the next look: nothing is in it yet."""
        if not self.second:
            return NotReady(self.first, second=True)
        return NotReady(self.first + MOST if self.count > self.first + MOST else 0)

    def beside(self, before: NotReady) -> NotReady:
        """For a look that was cut off: what it did not come to is known as it was before."""
        others = (one for one in before.known.items() if one[0] not in self.known)
        known = self.known | dict(islice(others, max(0, MOST - len(self.known))))
        return replace(self, known=known)
