"""What a look at the inbox saw of files that are not ready, for the next one to compare."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import islice

from worker.inbox.readiness import Observation

#: So many are remembered at most as they come: some 30 MB. Anybody may keep any number of files
#: open; and as many again for the parts of their owners.
MOST = 50_000
#: A fiftieth of them is an owner's part: who has no more need not be among the first.
PARTS = 50


@dataclass(slots=True)
class NotReady:
    """Those of one look: ``count`` are there, and by inode some are ``known``.

    Of each owner his part is, and of what is ``beyond`` that the first. Of the others ``Still``
    knows as much as is needed.
    """

    count: int = 0
    beyond: int = 0
    known: dict[int, Observation] = field(default_factory=dict)
    parts: dict[int, int] = field(default_factory=dict)

    def add(self, owner: int, inode: int, observation: Observation) -> None:
        """One more of that user's, in the order of the look. It may have very many names."""
        self.count += 1
        if self._is_of_part(owner):
            self.known[inode] = observation
            return
        if self.beyond < MOST:
            self.known[inode] = observation
        self.beyond += 1

    def _is_of_part(self, owner: int) -> bool:
        """Whether he has had less than his part; one person may be very many users."""
        used = self.count - 1 - self.beyond
        if used >= MOST or self.parts.get(owner, 0) >= MOST // PARTS:
            return False
        self.parts[owner] = self.parts.get(owner, 0) + 1
        return True

    def beside(self, before: NotReady) -> NotReady:
        """For a look that was cut off: what it did not come to is known as it was before."""
        others = (one for one in before.known.items() if one[0] not in self.known)
        known = self.known | dict(islice(others, max(0, 2 * MOST - len(self.known))))
        return replace(self, known=known)
