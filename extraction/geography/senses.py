"""What a name can mean, before its article is looked at."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from extraction.geography.cities import City, cities
from extraction.geography.fold import fold
from extraction.geography.lands import Land, lands
from extraction.geography.place import Place

#: Added to the logarithm of a city's inhabitants, which ranges from 3 to 7.5.
_KNOWN, _CAPITAL, _AS_WRITTEN, _ALTERNATE, _LAND = 1.0, 1.0, 0.3, -1.0, 12.0
#: German texts name places of the German-speaking countries, and hardly the small ones elsewhere.
_NEAR = {"DE": 1.2, "AT": 0.8, "CH": 0.8, "US": -0.5}
_FAR_LARGE = 200_000
_LARGE = {"DE": 3_000, "AT": 20_000, "CH": 20_000}


@dataclass(frozen=True, slots=True)
class Sense:
    """One meaning; ``weak`` ones count only beside another place of their country.

    ``score`` is in powers of ten of inhabitants, ``part`` the code of the Land or state.
    """

    place: Place
    score: float
    part: str = ""
    weak: bool = False


def senses(name: str) -> list[Sense]:
    """Return the places that are called exactly so, likeliest first; none if unknown."""
    key = fold(name)
    found = [_of_land(land) for land in lands().get(key, ())]
    if found:
        return found
    found = [_of_city(city, name, key) for city in cities().named(key)]
    return sorted(found, key=lambda sense: -sense.score)


def as_(sense: Sense, place: Place) -> Sense:
    """Return ``sense`` with another place: a part of it, or what lies there."""
    return replace(sense, place=place)


def _of_land(land: Land) -> Sense:
    return Sense(land.place, _LAND - land.rank, land.part, weak=land.rank > 0)


def _of_city(city: City, name: str, key: str) -> Sense:
    standing = city.standing(key)
    score = math.log10(city.people + 1_000) + _NEAR.get(city.country, 0.0)
    score += _KNOWN * (standing == "known") + _ALTERNATE * (standing == "alternate")
    score += _CAPITAL * city.capital + _AS_WRITTEN * (name in (*city.known, *city.main))
    kind = "district" if city.is_district else "city"
    place = Place(city.name, city.country, city.latitude, city.longitude, kind)
    return Sense(place, score, city.part, weak=_is_weak(city, standing))


def _is_weak(city: City, standing: str) -> bool:
    if standing == "known":
        return False
    small = city.people < _LARGE.get(city.country, _FAR_LARGE)
    return standing == "alternate" or (small and not city.capital)
