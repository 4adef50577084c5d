"""When files of a tree are read that are to wait: behind all others, for a while at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from heapq import nsmallest

from worker.mirror.fed import Waiting

#: None is begun any more after so many seconds. Those that are left have their turn at the next
#: look: the files that have come meanwhile are before them, and so are other mirrors'.
TURN = 10.0
#: So many are kept in mind for one turn.
MOST = 1_000


@dataclass(slots=True)
class Aside:
    """Those for which ``which`` is true; ``clock`` gives seconds and never goes back.

    ``finished``: whether one may be read. Those that are still written hold no place of others.
    """

    which: Callable[[Waiting], bool]
    clock: Callable[[], float]
    finished: Callable[[Waiting], bool]
    _left: list[Waiting] = field(default_factory=list)

    def others(self, waiting: Iterable[Waiting]) -> Iterator[Waiting]:
        """All that are none of them."""
        for file in waiting:
            if not self.which(file):
                yield file
            elif self.finished(file):
                self._keep(file)

    def turn(self) -> Iterator[Waiting]:
        """Those that were among them, until the turn is over.

        Who has waited longest is first: one that is touched again and again lets others go before.
        """
        ends = self.clock() + TURN
        for file in self._first():
            yield file
            if self.clock() >= ends:
                return

    def _keep(self, file: Waiting) -> None:
        self._left.append(file)
        if len(self._left) > 2 * MOST:
            self._left = self._first()

    def _first(self) -> list[Waiting]:
        return nsmallest(MOST, self._left, key=lambda file: file.since)
