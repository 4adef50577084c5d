"""What an article says about where it plays, to weigh the meanings of a name against each other."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from extraction.geography.senses import Sense

#: In powers of ten of inhabitants; set by hand on the first half of the gold places.
_COUNTRY, _COUNTRY_OF_KNOWN, _SHARE, _PART, _NEAR = 1.0, 2.2, 0.8, 3.5, 2.0
_NEAR_KM = 150.0
_KM_A_DEGREE = 111.2
_NAMED_EVERYWHERE = 7.5


@dataclass(slots=True)
class Evidence:
    """Countries, their parts and points that other names of the article stand for."""

    countries: Counter[str] = field(default_factory=Counter)
    parts: set[tuple[str, str]] = field(default_factory=set)
    points: list[tuple[float, float]] = field(default_factory=list)

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
        return min((_km(here.latitude, here.longitude, *p) for p in self.points), default=math.inf)


def gather(
    clear: Mapping[str, Sense], without: str, dateline: Iterable[Sense], named: Counter[str]
) -> Evidence:
    """Gather what the ``clear`` names but ``without``, the dateline and adjectives tell."""
    evidence = Evidence()
    for sense in (*(s for name, s in clear.items() if name != without), *dateline):
        _add(evidence, sense)
    evidence.countries.update(named.keys())
    return evidence


def _add(evidence: Evidence, sense: Sense) -> None:
    place = sense.place
    if place.country:
        evidence.countries[place.country] += 1
    if sense.part and place.kind == "region":
        evidence.parts.add((place.country, sense.part))
    elif place.latitude is not None and place.longitude is not None and _is_small(sense):
        evidence.points.append((place.latitude, place.longitude))


def _is_small(sense: Sense) -> bool:
    """Berlin beside Frankfurt says nothing of Frankfurt (Oder), a country nothing of its cities."""
    return sense.place.kind == "region" or sense.score < _NAMED_EVERYWHERE


def _km(latitude: float, longitude: float, other: float, other_longitude: float) -> float:
    """Return the distance of two points in kilometres, good enough within a continent."""
    width = math.cos(math.radians((latitude + other) / 2))
    across = abs(longitude - other_longitude)
    return _KM_A_DEGREE * math.hypot(latitude - other, min(across, 360 - across) * width)
