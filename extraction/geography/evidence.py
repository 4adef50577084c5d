"""What an article says about where it plays, to weigh the meanings of a name against each other."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from extraction.geography.senses import Sense

#: In powers of ten of inhabitants; set by hand on the first half of the gold places.
_COUNTRY, _COUNTRY_OF_KNOWN, _SHARE, _PART, _NEAR = 1.0, 2.2, 0.8, 3.5, 2.0
_NEAR_KM = 150.0
_KM_A_DEGREE = 111.2
_NAMED_EVERYWHERE = 7.5
#: Points of one article that a place may lie near to. A list of all towns has thousands, and each
#: would be measured against all others.
_MOST_POINTS = 200


@dataclass(slots=True)
class Evidence:
    """Countries, their parts and points that other names of the article stand for."""

    countries: Counter[str] = field(default_factory=Counter)
    parts: Collection[tuple[str, str]] = field(default_factory=Counter)
    points: Collection[tuple[float, float]] = field(default_factory=Counter)

    def bonus(self, sense: Sense) -> float:
        """Return how much likelier ``sense`` becomes, in powers of ten of inhabitants."""
        country = sense.place.country
        if not self.countries[country]:
            return 0.0
        score = _COUNTRY_OF_KNOWN if sense.known else _COUNTRY
        score += _SHARE * self.countries[country] / self.countries.total()
        if (country, sense.part) in self.parts:
            score += _PART
        return score + _NEAR * math.exp(-self._nearest_km(sense) / _NEAR_KM)

    def _nearest_km(self, sense: Sense) -> float:
        here = sense.place
        if here.latitude is None or here.longitude is None:
            return math.inf
        points = islice(self.points, _MOST_POINTS)
        return min((_km(here.latitude, here.longitude, *p) for p in points), default=math.inf)


class Clues:
    """What the names of an article stand for, as far as it is clear: evidence for the others."""

    def __init__(
        self, clear: Mapping[str, Sense], dateline: Iterable[Sense], named: Iterable[str]
    ) -> None:
        """Take what is ``clear``, the dateline and the countries that adjectives name."""
        self._senses = dict(clear)
        self._countries = Counter(dict.fromkeys(named, 1))
        self._parts: Counter[tuple[str, str]] = Counter()
        self._points: Counter[tuple[float, float]] = Counter()
        for sense in (*clear.values(), *dateline):
            self._count(sense, 1)

    def choose(self, name: str, sense: Sense) -> None:
        """Note what a name stands for."""
        self._count(self._senses.get(name), -1)
        self._senses[name] = sense
        self._count(sense, 1)

    @contextmanager
    def beside(self, name: str, added: Mapping[str, Sense]) -> Iterator[Evidence]:
        """Give what all names but this one tell, and what is ``added`` in the place of others."""
        without = [self._senses.get(other) for other in {name, *added}]
        instead = [sense for other, sense in added.items() if other != name]
        self._count_all(without, instead)
        yield Evidence(self._countries, self._parts, self._points)
        self._count_all(instead, without)

    def _count_all(self, without: Iterable[Sense | None], instead: Iterable[Sense | None]) -> None:
        for sense in without:
            self._count(sense, -1)
        for sense in instead:
            self._count(sense, 1)

    def _count(self, sense: Sense | None, times: int) -> None:
        if sense is None:
            return
        place = sense.place
        if place.country:
            _add(self._countries, place.country, times)
        if sense.part and place.kind == "region":
            _add(self._parts, (place.country, sense.part), times)
        elif place.latitude is not None and place.longitude is not None and _is_small(sense):
            _add(self._points, (place.latitude, place.longitude), times)


_Key = TypeVar("_Key")


def _add(counts: Counter[_Key], key: _Key, times: int) -> None:
    """Count, and forget what is there no longer."""
    counts[key] += times
    if not counts[key]:
        del counts[key]


def _is_small(sense: Sense) -> bool:
    """Berlin beside Frankfurt says nothing of Frankfurt (Oder), a country nothing of its cities."""
    return sense.place.kind == "region" or sense.score < _NAMED_EVERYWHERE


def _km(latitude: float, longitude: float, other: float, other_longitude: float) -> float:
    """Return the distance of two points in kilometres, good enough within a continent."""
    width = math.cos(math.radians((latitude + other) / 2))
    across = abs(longitude - other_longitude)
    return _KM_A_DEGREE * math.hypot(latitude - other, min(across, 360 - across) * width)
