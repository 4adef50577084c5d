"""When files of a tree are read that are to wait: behind all others, for a while at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from worker.mirror.fed import Waiting
from worker.spool.in_turn import in_turn

#: None is begun any more after so many seconds. Those that are left have their turn at the next
#: look: the files that have come meanwhile are before them, and so are other mirrors'.
TURN = 10.0
#: So many are kept in mind for one turn.
MOST = 1_000


@dataclass(slots=True)
class Aside:
    """Those for which ``which`` is true; ``clock`` gives seconds and never goes back.

    ``finished``: whose one is that may be read, a uid. Those that are still written (None) hold no
    place of others. ``had``: how many batches of each owner are on their way.
    """

    which: Callable[[Waiting], bool]
    clock: Callable[[], float]
    finished: Callable[[Waiting], int | None]
    had: Mapping[int, int] = field(default_factory=dict)
    _left: list[tuple[Waiting, int]] = field(default_factory=list)

    def others(self, waiting: Iterable[Waiting]) -> Iterator[Waiting]:
        """All that are none of them."""
        for file in waiting:
            if not self.which(file):
                yield file
            elif (owner := self.finished(file)) is not None:
                self._keep(file, owner)

    def turn(self) -> Iterator[Waiting]:
        """Those that were among them, until the turn is over.

        Of one owner's that is first which has waited longest: one that is touched again and again
        lets others go before.
        """
        ends = self.clock() + TURN
        for file, _ in self._first():
            yield file
            if self.clock() >= ends:
                return

    def _keep(self, file: Waiting, owner: int) -> None:
        self._left.append((file, owner))
        if len(self._left) > 2 * MOST:
            self._left = self._first()

    def _first(self) -> list[tuple[Waiting, int]]:
        by_age = sorted(self._left, key=lambda each: each[0].since)
        return in_turn(by_age, lambda each: each[1:], self.had)[:MOST]
