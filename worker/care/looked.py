"""How far a purge is with the containers that its article may lie in.

They may be many, and anybody's: each may take as long as its reader's patience. So they are looked
through a turn at a time, and none twice for the same, while it stays as it is.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from articles.errors import ServiceUnavailable
from extraction.containers.member import Member
from worker.intake.reading import Look

#: Seconds after which other purges have their turn, and those that one container gets in all. By
#: the clock: readers in processes of their own take no time of this one's processor.
TURN, LONGEST = 600.0, 3600.0


class TurnOver(ServiceUnavailable):
    """Others have their turn; it goes on behind them."""


class TooLong(ServiceUnavailable):
    """A container that cannot be looked through in time; it is not tried again."""


@dataclass(frozen=True, slots=True)
class Question:
    """A container, as it looked, and what is looked for: names of members, digests of files."""

    root: Path
    relative: str
    look: Look
    names: frozenset[str]
    digests: frozenset[str]


@dataclass(slots=True)
class Looked:
    """What is known of them, in one process. ``clock`` tells the seconds."""

    clock: Callable[[], float] = time.monotonic
    _answers: dict[Question, str | None] = field(default_factory=dict)
    _given_up: dict[tuple[Path, str, Look], str] = field(default_factory=dict)
    _turn: float | None = None

    def begin(self) -> None:
        """Another purge has its turn, or the same one again."""
        self._turn = None

    def through(self, asked: Question, read: Callable[[], str | None]) -> str | None:
        """What ``read`` answers, or did before. Raises ``TurnOver`` and ``TooLong``.

        One is read in each turn, at least.
        """
        if asked in self._answers:
            return self._answers[asked]
        place = asked.root, asked.relative, asked.look
        if place in self._given_up:
            raise TooLong(self._given_up[place])
        self._go_on()
        try:
            return self._answers.setdefault(asked, read())
        except TooLong as error:
            self._given_up[place] = str(error)
            raise

    def _go_on(self) -> None:
        if self._turn is None:
            self._turn = self.clock() + TURN
        elif self.clock() > self._turn:
            raise TurnOver

    def in_time(self, members: Iterator[Member], path: str) -> Iterator[Member]:
        """Those of one container. Raises ``TooLong`` where they come for too long."""
        ends = self.clock() + LONGEST
        for member in members:
            yield member
            if self.clock() > ends:
                raise TooLong(
                    f"{path} takes more than {LONGEST:,.0f} seconds to look through, and may hold "
                    "what is purged: see whether it does, and delete it."
                )

    def clear(self) -> None:
        """No purge is left."""
        self._answers.clear()
        self._given_up.clear()
