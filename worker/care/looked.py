"""How far a purge is with the containers that its article may lie in.

They may be many, and anybody's: each may take as long as its reader's patience. So they are looked
through a turn at a time, and each once while it stays as it is, whatever is looked for.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from articles.errors import ServiceUnavailable
from extraction.containers.member import Member
from worker.care.inventory import MOST, Found, Inventory, under
from worker.intake.reading import Look

#: Seconds after which other purges have their turn, and those that one container gets in all. By
#: the clock: readers in processes of their own take no time of this one's processor.
TURN, LONGEST = 600.0, 3600.0

#: A container: root, and path below that.
Place = tuple[Path, str]


class TurnOver(ServiceUnavailable):
    """Others have their turn; it goes on behind them."""


class TooLong(ServiceUnavailable):
    """A container that cannot be looked through in time; it is not tried again."""


@dataclass(frozen=True, slots=True)
class Question:
    """A container, as it looked, and what is looked for: names of members, digests of files, or
    those that count under one name alone (``under``).
    """

    root: Path
    relative: str
    look: Look
    names: frozenset[str]
    digests: frozenset[str]

    @property
    def place(self) -> Place:
        """The container."""
        return self.root, self.relative

    def wants(self, name: str, digest: str) -> bool:
        """Whether a member is looked for."""
        return name in self.names or not self.digests.isdisjoint((digest, under(name, digest)))


@dataclass(slots=True)
class _Known:
    """What was found in a container, was looked for in vain, or why it was given up."""

    look: Look
    found: Found | None = None
    without: dict[Question, Inventory] = field(default_factory=dict)
    given_up: str = ""


@dataclass(slots=True)
class Looked:
    """What is known of them, in one process. ``clock`` tells the seconds.

    Where an inventory had to go, what was asked is not asked of its container again.
    """

    clock: Callable[[], float] = time.monotonic
    _all: dict[Place, _Known] = field(default_factory=dict)
    _inventories: dict[Place, Inventory] = field(default_factory=dict)
    _size: int = 0
    _turn: float | None = None

    def begin(self) -> None:
        """Another purge has its turn, or the same one again."""
        self._turn = None

    def through(self, asked: Question, read: Callable[[], Found | Inventory]) -> Found | Inventory:
        """A member that was asked for; or without one, what else is known of the container.

        By what ``read`` has told, now or before. Raises ``TurnOver`` and ``TooLong``. One is read
        in each turn, at least.
        """
        known = self._of(asked)
        if told := self._told(asked, known):
            return told
        if known.given_up:
            raise TooLong(known.given_up)
        self._go_on()
        try:
            return self._keep(asked, known, read())
        except TooLong as error:
            known.given_up = str(error)
            raise

    def _of(self, asked: Question) -> _Known:
        """As it looks now; what was known of how it looked before is forgotten."""
        known = self._all.get(asked.place)
        if known is None or known.look != asked.look:
            self._drop(asked.place)
            known = self._all[asked.place] = _Known(asked.look)
        return known

    def _told(self, asked: Question, known: _Known) -> Found | Inventory | None:
        if known.found and asked.wants(known.found.name, known.found.sha256):
            return known.found
        held = self._inventories.get(asked.place)
        if held and not held.may_hold(asked.names, asked.digests):
            return held
        return known.without.get(asked)

    def _keep(self, asked: Question, known: _Known, told: Found | Inventory) -> Found | Inventory:
        if isinstance(told, Found):
            known.found = told
            return told
        known.without[asked] = Inventory(broken=told.broken)
        if told.size <= MOST:
            self._drop(asked.place)
            self._inventories[asked.place] = told
            self._size += told.size
        while self._size > MOST:  # the oldest goes first
            self._drop(next(iter(self._inventories)))
        return told

    def _drop(self, place: Place) -> None:
        if held := self._inventories.pop(place, None):
            self._size -= held.size

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
        """No purge is left. What could not be read to its end may be tried again by the next."""
        for place in [at for at, held in self._inventories.items() if held.broken]:
            self._drop(place)
        self._all = {at: _Known(self._all[at].look) for at in self._inventories}
