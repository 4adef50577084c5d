"""Find the places of one article, the countries they lie in and their coordinates.

A name that many places bear is decided by their inhabitants, by the other places of the article
and by its dateline; a small place far away counts only beside another of its country. What
remains unclear is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from extraction.geography.evidence import Clues
from extraction.geography.place import Located, Place
from extraction.geography.senses import Sense, senses
from extraction.geography.state_words import states_derived, states_named
from extraction.geography.surface import addition, read

#: How much likelier, in powers of ten, the best meaning must be to be believed at first sight,
#: and at last:
#: among places of one country, and of several.
_CLEAR, _DECIDED_WITHIN, _DECIDED = 1.5, 0.5, 0.2
_POINTS = ("city", "district", "region")


def locate(
    names: Sequence[str] | Mapping[str, int],
    dateline_places: Sequence[str] = (),
    texts: Mapping[str, str] | None = None,
    derived: Iterable[str] = (),
) -> Located:
    """Locate the place names of one article, given in order of first mention.

    ``names`` may repeat names or count them. The dateline helps to decide; for a country it
    counts if it is among the names, too. Adjectives in ``texts`` that name a state count for it,
    and so do words that are surely ``derived`` from places' names (see ``state_words``).
    """
    counts = Counter(names)
    named = states_named((texts or {}).values()) | states_derived(derived)
    meanings = {name: meaning for name in counts if (meaning := read(name))}
    chosen = _choose(meanings, _dateline(dateline_places), named)
    countries = Counter[str]()
    for name, sense in chosen.items():
        if sense.place.country:
            countries[sense.place.country] += counts[name]
    countries.update(named)
    places = {name: sense.place for name, sense in chosen.items()}
    return Located(places, tuple(code for code, _ in countries.most_common()), _points(places))


def german_name(name: str) -> str:
    """Return the name that German texts use most: ``Pjöngjang`` for ``Pyongyang``.

    A name that may mean several places, or is only short for its place, stays as it is.
    """
    names = [sense.place.name for sense in senses(name) if not sense.weak]
    if len(names) != 1 or names[0].startswith(name) or "(" in names[0]:
        return name
    return names[0]


def _choose(
    meanings: Mapping[str, Sequence[Sense]], dateline: Sequence[Sense], named: Counter[str]
) -> dict[str, Sense]:
    clear = {name: meaning[0] for name, meaning in meanings.items() if _is_clear(meaning)}
    clues = Clues(clear, dateline, named)
    chosen: dict[str, Sense] = {}
    for name, meaning in meanings.items():
        with clues.beside(name, _added(name)) as evidence:
            supported = [s for s in meaning if not s.weak or _is_supported(s, evidence.countries)]
            scored = [(s.score + evidence.bonus(s), s) for s in supported]
        if best := _best(name, sorted(scored, key=lambda pair: -pair[0])):
            chosen[name] = best
            clues.choose(name, best)
    return chosen


def _is_clear(meaning: Sequence[Sense]) -> bool:
    lead = meaning[0].score - meaning[1].score if len(meaning) > 1 else _CLEAR
    return lead >= _CLEAR and not meaning[0].weak


def _added(name: str) -> dict[str, Sense]:
    """``Paris (Texas)`` brings its own evidence."""
    tail = addition(name)
    meaning = read(tail) if tail else []
    return {tail: meaning[0]} if meaning and not meaning[0].weak else {}


def _is_supported(sense: Sense, countries: Counter[str]) -> bool:
    country = sense.place.country
    return bool(countries[country]) or (country == "DE" and not countries)


def _best(name: str, scored: Sequence[tuple[float, Sense]]) -> Sense | None:
    """Return the best meaning; of equals in one country the country; of other equals none."""
    if not scored:
        return None
    first = scored[0]
    behind = [(first[0] - score, sense.place.country) for score, sense in scored[1:]]
    if any(b < _DECIDED and country != first[1].place.country for b, country in behind):
        return None
    if not any(b < _DECIDED_WITHIN and c == first[1].place.country for b, c in behind):
        return first[1]
    place = replace(first[1].place, name=name, latitude=None, longitude=None)
    return replace(first[1], place=place)


def _dateline(places: Iterable[str]) -> list[Sense]:
    read_places = (read(place) for place in places)
    return [meaning[0] for meaning in read_places if meaning and _is_clear(meaning)]


def _points(places: Mapping[str, Place]) -> tuple[tuple[float, float], ...]:
    points: dict[tuple[float, float], None] = {}
    for place in places.values():
        if place.kind in _POINTS and place.latitude is not None and place.longitude is not None:
            points[place.latitude, place.longitude] = None
    return tuple(points)
