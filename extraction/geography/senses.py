"""What a name can mean, before its article is looked at."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from extraction.geography.cities import City, cities
from extraction.geography.lands import Land, lands
from extraction.geography.place import Kind, Place
from german.folding import place_key
from german.surnames import surnames
from german.wordlist import word_list

#: Added to the logarithm of a city's inhabitants, which ranges from 3 to 7.5.
_KNOWN, _CAPITAL, _AS_WRITTEN = 1.0, 1.5, 0.3
_ALTERNATE, _WEAK, _LAND = -1.0, -0.5, 12.0
#: German texts name places of the German-speaking countries, and hardly the small ones elsewhere.
_NEAR = {"DE": 1.2, "AT": 0.8, "CH": 0.8, "US": -0.5}
_UMLAUTS = frozenset("äöüÄÖÜ")
_FAR_LARGE = 200_000
_EUROPE = word_list("BE CZ DK ES FI FR GB GR HU IT NL NO PL PT SE")
_LARGE = {
    "DE": 3_000,
    "US": 100_000,
    **dict.fromkeys(("AT", "CH", "LU", "LI"), 5_000),
    **dict.fromkeys(_EUROPE, 50_000),
}


@dataclass(frozen=True, slots=True)
class Sense:
    """One meaning; ``weak`` ones count only beside another place of their country.

    ``score`` is in powers of ten of inhabitants, ``part`` the code of the Land or state, ``known``
    tells that the name stands for this place in German texts.
    """

    place: Place
    score: float
    part: str = ""
    weak: bool = False
    known: bool = True


def senses(name: str) -> list[Sense]:
    """Return the places that are called exactly so, likeliest first; none if unknown."""
    key = place_key(name)
    countries = [_of_land(land) for land in lands().get(key, ())]
    if countries:
        return countries
    named = [city for city in cities().named(key) if _may_be(city, name)]
    places = [_of_city(city, name, key) for city in named]
    return sorted(places, key=lambda sense: -sense.score)


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
    kind: Kind = "district" if city.is_district else "city"
    # A name in another language may be that of the province: `Ceará` of Fortaleza.
    called = name if standing == "alternate" else city.name
    place = Place(called, city.country, city.latitude, city.longitude, kind)
    weak = _is_weak(city, standing)
    return Sense(place, score + _WEAK * weak, city.part, weak, standing == "known")


def _may_be(city: City, name: str) -> bool:
    """Tell ``Worth`` from Wörth, and the surname ``Guttenberg`` from the village."""
    if city.known:
        return True
    if city.country in _NEAR and not _UMLAUTS & set(name) and _UMLAUTS & set(city.name):
        return False
    return city.people >= _LARGE["DE"] or name not in surnames()


def _is_weak(city: City, standing: str) -> bool:
    if standing == "known":
        return False
    small = city.people < _LARGE.get(city.country, _FAR_LARGE)
    return standing == "alternate" or (small and not city.capital)
