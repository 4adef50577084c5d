"""Containers that others have their turn between: held open, so that none is read twice.

What is read from its beginning at every turn would take longer with each, and others would wait
longer. How far a container is stands in its batch: in another process it is read from its beginning
and passed over up to there. Where as many are open as may be, one that took long waits for a place:
so this does not save time alone, it has others wait, whose reading would take it each time. Who had
many turns gives its place up, and waits for one itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from worker.intake.members import Reading
from worker.spool.unpacked import Progress

#: So many places there are; one that holds much in memory takes all of them.
MOST = 4
#: Turns after which one may have to give its place up.
TURNS = 10
#: What takes no longer to be read again, in seconds, needs no place.
SHORT = 60.0


class AllTaken(Exception):
    """Others are open that took long, too: this one is to wait."""


#: The folder of its batch, and its path there.
Place = tuple[Path, str]


class KeptOpen:
    """Those of this process."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._readings: dict[Place, tuple[str, Reading]] = {}

    @contextmanager
    def reading(
        self, place: Place, known: Progress, begin: Callable[[], Reading], places: int = 1
    ) -> Iterator[Reading]:
        """That of a container which is ``known`` so far, begun where none of it is open.

        Open it takes so many ``places``. It stays so if it ``goes_on`` at the end, and closes after
        an error. Raises ``AllTaken``.
        """
        reading = self._taken(place, known)
        if not reading and known.seconds > SHORT and self._most > 0:
            self._make_room(known.seconds, places)
        reading = reading or begin()
        reading.goes_on, reading.places, reading.known = False, places, known.seconds
        try:
            yield reading
        finally:
            self._keep(place, known.key, reading)

    def _taken(self, place: Place, known: Progress) -> Reading | None:
        key, reading = self._readings.pop(place, ("", None))
        if reading and (key != known.key or reading.done > known.members):  # another one by now
            reading.close()
            return None
        return reading

    def _make_room(self, seconds: float, places: int) -> None:
        """For one that took so many ``seconds``. Raises ``AllTaken``."""
        leave, free = list[Place](), self._most - self._places()
        may = [place for place in self._readings if self._may_leave(place, seconds)]
        for place in sorted(may, key=lambda each: -self._readings[each][1].turns):
            if free >= places:
                break
            leave.append(place)
            free += self._readings[place][1].places
        if free < places:
            raise AllTaken
        for place in leave:
            self._readings.pop(place)[1].close()

    def _may_leave(self, place: Place, seconds: float) -> bool:
        """For a smaller one after some turns; for any if it was read as long as passed over."""
        reading = self._readings[place][1]
        is_smaller = seconds < reading.seconds
        return reading.turns >= TURNS and (is_smaller or reading.seconds >= 2 * reading.passed)

    def _keep(self, place: Place, key: str, reading: Reading) -> None:
        if reading.goes_on and not reading.is_cut_short:
            reading.turns += 1
            self._readings[place] = key, reading
        else:
            reading.close()
        while self._places() > self._most:
            self._readings.pop(min(self._readings, key=self._seconds))[1].close()

    def _places(self) -> int:
        return sum(reading.places for _, reading in self._readings.values())

    def _seconds(self, place: Place) -> float:
        reading = self._readings[place][1]
        return max(reading.seconds, reading.known)

    def let_go(self) -> None:
        """Close those whose batch is at its end, by another process."""
        for place in [each for each in self._readings if not each[0].exists()]:
            self._readings.pop(place)[1].close()
