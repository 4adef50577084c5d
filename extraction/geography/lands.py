"""Countries, regions, and the names that lie in no country."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import cast

from extraction.geography.lists import entries, names_in
from extraction.geography.place import Kind, Place
from german.folding import place_key

_LATER, _PART = "*", "+"
_MARKS = _LATER + _PART


@dataclass(frozen=True, slots=True)
class Land:
    """A place that is no city; ``part`` is the code of its cities (``admin1`` in GeoNames).

    ``rank`` is 0 for the first bearer of the name, 1 for one that only its context makes likely.
    """

    place: Place
    part: str = ""
    rank: int = 0


@lru_cache(maxsize=1)
def lands() -> dict[str, tuple[Land, ...]]:
    """Return the lands by folded name: countries before regions before what has no country."""
    by_key: dict[str, tuple[Land, ...]] = {}
    for name, land in (*_countries(), *_regions(), *_no_country()):
        key = place_key(name.lstrip(_MARKS))
        others = by_key.get(key, ())
        if not others or name.startswith(_LATER):
            by_key[key] = (*others, land)
    return by_key


def _countries() -> Iterator[tuple[str, Land]]:
    for code, name, middle, others, _ in entries("countries.txt"):
        yield from _named(Place(name, code, *_degrees(middle), "country"), others)


def _regions() -> Iterator[tuple[str, Land]]:
    for code, name, middle, others, *part in entries("regions.txt"):
        yield from _named(Place(name, code, *_degrees(middle), "region"), others, "".join(part))


def _named(place: Place, others: str, part: str = "") -> Iterator[tuple[str, Land]]:
    """Yield a land under each of its names, the parts of it as places of their own."""
    yield place.name, Land(place, part)
    for other in names_in(others):
        own = replace(place, name=other[1:], kind="region") if other.startswith(_PART) else place
        yield other, Land(own, part, rank=int(other.startswith(_LATER)))


def _no_country() -> Iterator[tuple[str, Land]]:
    for kind, name, others in entries("no_country.txt"):
        for other in (name, *names_in(others)):
            yield other, Land(Place(other, "", None, None, cast("Kind", kind)))


def _degrees(written: str) -> tuple[float | None, float | None]:
    latitude, _, longitude = written.partition(" ")
    return (float(latitude), float(longitude)) if longitude else (None, None)
