"""Read the surface of a name: ``Berlins``, ``Provinz Idlib``, ``Ostukraine``, ``Berlin-Mitte``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from extraction.geography.place import Kind, Place
from extraction.geography.senses import Sense, as_, senses
from german.inflection import genitive_bases, towns

_INFLECTED = re.compile(r"(?<=e)[nrs]\b")
#: What somebody calls the place: ``Rebellenhochburg Idlib``, ``Ex-Sowjetrepublik Aserbaidschan``.
_CALLED = (
    r"(?=[A-ZÄÖÜ])(?i:[\w-]{3,}(?:hochburg|metropole|republik|insel|enklave|exklave|stadt|macht)"
    r"|[\w-]*(?:küsten|bade|grenz|ferien|urlaubs|ski|kur|meer|see)ort"
    r"|[\w-]*(?:insel|golf|nachbar|wüsten|balkan|klein|zwerg|öl)(?:staat|land))(?:e?s)?"
)
_SAME = (
    r"(?:Stadt|Hauptstadt|Hansestadt|Bundesstadt|Landeshauptstadt|Hafenstadt|Insel|Republik"
    rf"|(?!Volks|Bundes|Alt|Neu|Innen|Vor|Garten|Museums){_CALLED})"
)
_PART = r"(?:Bundesland|Land|Kanton|Freistaat|(?:US-)?(?:Bundess|S)taat|Präfektur|Provinz)"
_AROUND = (
    r"(?:Provinz|Region|Gebiet|Oblast|Bezirk|Distrikt|Departement|Gouvernement|Präfektur|Großraum"
    r"|Raum|Kreis|Landkreis|Erzbistum|Bistum|Verwaltungsbezirk|Regierungsbezirk|Küste|Gemeinde)"
)
_THERE = r"(?:(?:Haupt)?[Bb]ahnhof|Flughafen|Hafen|Airport|Messe|Zoo|Schloss|Innenstadt|Altstadt)"
_DESCRIBED = re.compile(
    rf"(?:(?P<same>{_SAME})|(?P<part>{_PART})|(?P<around>{_AROUND})|(?P<there>{_THERE}))"
    r" (?P<head>[^\W\d_].{1,60})\Z"
)
_BUILDING = re.compile(
    r"(?P<stem>[^\W\d_]{3,20})er (?:(?:Haupt)?[Bb]ahnhof|Flughafen|Hafen|Innenstadt|Altstadt"
    r"|Rathaus|Dom|Marktplatz|Messe|Zoo|Stadtteil|Bezirk|Schloss|Osten|Westen|Norden|Süden|Universität)\Z"
)
_COUNTY = re.compile(r"(?:[A-ZÄÖÜ][\wäöüß]+-){1,3}[Kk]reis\Z")
_SIDE = re.compile(
    r"(?P<side>(?:Nord|Süd)(?:ost|west)?|Ost|West|Zentral|Mittel|Groß|Alt)-?(?P<rest>[^\W\d_].{2,40})\Z"
)
_PARTS = ("Bundesstaat", "Land", "Kanton", "Provinz", "Präfektur")
_BRACKET = re.compile(r"(?P<head>[^(),/]{2,60}?) ?[(,/] ?(?P<tail>[^(),/]{2,60})\)?\Z")
_DISTRICT = re.compile(r"(?P<city>[^\W\d_][^-]{1,40})-(?P<district>[^\W\d_].{1,40})\Z")
_LARGE = 5.0
#: Names whose senses a process keeps: every article has some of the same few thousand.
_KEPT = 4096
_GERMAN_SPEAKING = ("DE", "AT", "CH")


def read(name: str) -> Sequence[Sense]:
    """Return what ``name`` can mean, likeliest first, with endings and additions taken off."""
    return _read(" ".join(name.split()))


@lru_cache(maxsize=_KEPT)
def _read(name: str) -> tuple[Sense, ...]:
    return tuple(
        senses(name)
        or _without_ending(name)
        or _described(name)
        or _side_of(name)
        or _district_of(name)
        or _county(name)
        or _building_of(name)
        or _before_bracket(name)
    )


def addition(name: str) -> str:
    """Return what is added to explain ``name``: ``Texas`` in ``Paris (Texas)``; else nothing."""
    match = _BRACKET.match(name)
    return match["tail"] if match else ""


def _without_ending(name: str) -> list[Sense]:
    for shorter in (*genitive_bases(name), _INFLECTED.sub("", name)):
        if shorter != name and len(shorter) > len("Ul") and (meaning := senses(shorter)):
            return meaning
    return []


def _described(name: str) -> list[Sense]:
    match = _DESCRIBED.match(name)
    if not match:
        return []
    head = match["head"]
    if match["part"]:
        for part in _PARTS:
            if there := senses(f"{head} ({part})"):
                return there
    there = senses(head) or _without_ending(head)
    if match["same"] or (there and there[0].place.kind == "region"):
        return there
    kind: Kind = "district" if match["there"] else "region"
    # `Provinz Idlib` is not Idlib, but it lies where Idlib lies.
    return [as_(sense, replace(sense.place, name=name, kind=kind)) for sense in there]


def _side_of(name: str) -> list[Sense]:
    match = _SIDE.match(name)
    if not match:
        return []
    rest = match["rest"][:1].upper() + match["rest"][1:]
    there = [sense for sense in senses(rest) if not sense.weak and sense.place.country]
    if not there and (shorter := genitive_bases(name)):
        return _side_of(shorter[-1])
    return [as_(sense, _side(sense.place, name)) for sense in there]


def _side(place: Place, name: str) -> Place:
    """A side of a city lies where the city lies, that of a country anywhere in it."""
    if place.kind == "city":
        return replace(place, name=name, kind="district")
    return replace(place, name=name, kind="region", latitude=None, longitude=None)


def _district_of(name: str) -> list[Sense]:
    match = _DISTRICT.match(name)
    if not match:
        return []
    large = _large(match["city"])
    if large and any(s.place.country != large[0].place.country for s in _large(match["district"])):
        return []  # `Köln-Paris`: a way, no place
    german = [s for s in large if s.place.country in _GERMAN_SPEAKING and not s.weak]
    return [as_(s, replace(s.place, name=name, kind="district")) for s in german]


def _county(name: str) -> list[Sense]:
    """``Rhein-Sieg-Kreis``: only Germany has them."""
    germany = senses("Deutschland")[0]
    place = Place(name, "DE", None, None, "region")
    return [as_(germany, place)] if _COUNTY.match(name) else []


def _large(name: str) -> list[Sense]:
    return [s for s in senses(name) if s.place.kind == "city" and s.score > _LARGE]


def _building_of(name: str) -> list[Sense]:
    """``Hamburger Flughafen`` lies in Hamburg; ``Hamburger Straße`` lies anywhere."""
    match = _BUILDING.match(name)
    if not match:
        return []
    there = next((large for city in towns(f"{match['stem']}er") if (large := _large(city))), [])
    return [as_(s, replace(s.place, name=name, kind="district")) for s in there]


def _before_bracket(name: str) -> list[Sense]:
    match = _BRACKET.match(name)
    return senses(match["head"]) if match else []
