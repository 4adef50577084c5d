"""Containers that others have their turn between: held open, so that none is read twice.

What is read on from its beginning at every turn would take longer with each, and others would wait
longer. Nothing depends on it: how far a container is stands in its batch, and in another process,
or where too many are begun, it is read from its beginning and passed over up to there.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from worker.intake.members import Reading
from worker.spool.unpacked import Progress

#: So many at most: one may hold 256 MB of what it unpacks.
MOST = 2

#: The folder of its batch, and its path there.
Place = tuple[Path, str]


class KeptOpen:
    """Those of this process."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._readings: OrderedDict[Place, tuple[str, Reading]] = OrderedDict()

    @contextmanager
    def reading(
        self, place: Place, known: Progress, begin: Callable[[], Reading]
    ) -> Iterator[Reading]:
        """That of a container which is ``known`` so far, begun where none of it is open.

        It stays open if it ``goes_on`` at the end, and closes after an error.
        """
        reading = self._taken(place, known) or begin()
        reading.goes_on = False
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

    def _keep(self, place: Place, key: str, reading: Reading) -> None:
        if reading.goes_on:
            self._readings[place] = key, reading
        else:
            reading.close()
        while len(self._readings) > self._most:
            self._readings.popitem(last=False)[1][1].close()

    def let_go(self) -> None:
        """Close those whose batch is at its end, by another process."""
        for place in [each for each in self._readings if not each[0].exists()]:
            self._readings.pop(place)[1].close()
