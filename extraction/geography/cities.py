"""Cities by name, from GeoNames."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from german.folding import place_key
from german.wordlist import lines

#: The name is one that German texts use; GeoNames' own; or one of its names in other languages.
Standing = Literal["known", "main", "alternate"]
_CITY_STATES = {("DE", "16"), ("DE", "04")}
_LARGEST_DISTRICT = 1_000_000


@dataclass(frozen=True, slots=True)
class City:
    """A row of the table; ``part`` is the code of its Land, state or province."""

    name: str
    country: str
    part: str
    latitude: float
    longitude: float
    people: int
    capital: bool
    known: tuple[str, ...]
    main: tuple[str, ...]

    @property
    def is_district(self) -> bool:
        """Tell whether it is a part of Berlin or Hamburg."""
        here = (self.country, self.part) in _CITY_STATES
        return here and self.people < _LARGEST_DISTRICT

    def standing(self, key: str) -> Standing:
        """Tell what the folded name ``key`` is to this city."""
        if any(place_key(name) == key for name in self.known):
            return "known"
        return "main" if any(place_key(name) == key for name in self.main) else "alternate"


class Table:
    """Rows as text and an index of their folded names: 50,000 cities in about 20 MB."""

    def __init__(self, lines: list[str]) -> None:
        """Index ``lines``, whose fields tabs part (see ``training.cities``)."""
        self._lines = lines
        self._rows: dict[str, tuple[int, ...]] = {}
        for row, line in enumerate(lines):
            names = line.split("\t", 7)[7].replace("\t", ";").split(";")
            for key in {place_key(name) for name in names if name}:
                self._rows[key] = (*self._rows.get(key, ()), row)

    def named(self, key: str) -> list[City]:
        """Return the cities whose folded name is ``key``, most populous first."""
        return [_city(self._lines[row]) for row in self._rows.get(key, ())]


@lru_cache(maxsize=1)
def cities() -> Table:
    """Return the table that the package carries, read once in a process."""
    return Table([*lines("extraction.geography", "data/cities.tsv")])


def _city(line: str) -> City:
    name, country, part, latitude, longitude, people, capital, known, main, _ = line.split("\t")
    return City(
        name=name,
        country=country,
        part=part,
        latitude=float(latitude),
        longitude=float(longitude),
        people=int(people),
        capital=bool(capital),
        known=tuple(known.split(";")) if known else (),
        main=tuple(main.split(";")),
    )
