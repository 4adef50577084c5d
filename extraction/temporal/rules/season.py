"""Parts of a year: ``Herbst 2019``, ``drittes Quartal``, ``erste Jahreshälfte``."""

from __future__ import annotations

from extraction.temporal import period as periods
from extraction.temporal.grammar import Reading, Rule, lines, rules
from extraction.temporal.match import PatternMatch
from extraction.temporal.period import Period
from extraction.temporal.scene import Scene
from extraction.temporal.verb import Direction


def season(match: PatternMatch, scene: Scene) -> Reading | None:
    """``Herbst 2019``, ``im Herbst``."""
    name, year = match.lexeme("season").text, match.number("year")
    if year:
        return Reading("date", match.narrowed(periods.season(year, name)))
    known = match.at("mode") >= 0 or match.code_before("AM", "SEIT", "BIS", "AB", "VOR", "NACH")
    if not known or match.after()[:1].isupper():
        return None
    return Reading("date", match.narrowed(_season(scene, name, scene.towards(match))))


def related_season(match: PatternMatch, scene: Scene) -> Reading | None:
    """``im vergangenen Herbst``, ``nächsten Sommer``, ``Herbst dieses Jahres``."""
    name, shift, now = match.lexeme("season").text, match.number("rel"), scene.anchor.months
    if match.at("unit") >= 0:
        if match.lexeme("unit").text != "Y" or not scene.anchor.year:
            return None
        return Reading("date", match.narrowed(periods.season(scene.anchor.year + shift, name)))
    if not now:
        return Reading("date", Period(f"XXXX-{name}", "season"))
    year, first = now[0], periods.SEASONS[name]
    if shift > 0:
        year += now[1] >= first
    elif shift < 0:
        year -= now[1] <= first + 2
    elif now[1] <= 2 and name == "WI":  # noqa: PLR2004 - the winter that began last year
        year -= 1
    return Reading("date", match.narrowed(periods.season(year, name)))


def part_of_year(match: PatternMatch, scene: Scene) -> Reading | None:
    """``drittes Quartal``, ``erste Jahreshälfte 2022``."""
    number, unit = match.number("which"), match.lexeme("unit")
    if match.at("last") >= 0:
        return _last_part(match, scene)
    if not 1 <= number <= int(unit.number):
        return None
    make = periods.quarter if unit.text == "Q" else periods.half
    year = match.number("year")
    if not year and match.at("rel") >= 0 and scene.anchor.year:
        year = scene.anchor.year + match.number("rel")
    if year:
        return Reading("date", make(year, number))
    now = scene.anchor.months
    if not now:
        return Reading("date", Period(f"XXXX-{unit.text}{number}", "quarter"))
    current = (now[1] - 1) * int(unit.number) // periods.MONTHS + 1
    tense = scene.towards(match)
    shift = (number < current) if tense == "future" else -(number > current)
    return Reading("date", make(now[0] + shift, number))


def _season(scene: Scene, name: str, tense: Direction) -> Period:
    now = scene.anchor.months
    if not now:
        return Period(f"XXXX-{name}", "season")
    year, first = now[0], periods.SEASONS[name]
    if tense == "future":
        return periods.season(year + (now[1] > first + 2), name)
    return periods.season(year - (now[1] < first), name)


def _last_part(match: PatternMatch, scene: Scene) -> Reading | None:
    """``letztes Quartal 2004`` is its fourth, ``letztes Quartal`` the one before the anchor's."""
    shift, unit, year = match.number("last"), match.lexeme("unit"), match.number("year")
    make, count = (periods.quarter if unit.text == "Q" else periods.half), int(unit.number)
    if year:
        return Reading("date", make(year, count)) if shift == -1 else None
    now = scene.anchor.months
    if not now:
        return Reading("date", Period(f"XXXX-{unit.text}X"))
    place = now[0] * count + (now[1] - 1) * count // periods.MONTHS + shift
    return Reading("date", make(place // count, place % count + 1))


RULES: list[Rule] = [
    *rules(
        season,
        lines("""
            season:SEASON year:YEAR?
            season:SEASON DET UNIT year:YEAR
            mode:MODE DET? season:SEASON year:YEAR?
        """),
    ),
    *rules(
        related_season,
        lines("""
            rel:REL|THIS season:SEASON
            mode:MODE DET? rel:REL|THIS season:SEASON
            season:SEASON DET? rel:REL|THIS unit:UNIT
        """),
    ),
    *rules(
        part_of_year,
        lines("""
            which:ORDW unit:QUARTER|HALF year:YEAR?
            which:SMALL DOT unit:QUARTER|HALF year:YEAR?
            which:ORDW unit:QUARTER|HALF DET UNIT year:YEAR
            which:SMALL DOT unit:QUARTER|HALF DET UNIT year:YEAR
            last:REL unit:QUARTER|HALF year:YEAR?
            which:ORDW unit:QUARTER|HALF DET? rel:REL|THIS UNIT
            which:SMALL DOT unit:QUARTER|HALF DET? rel:REL|THIS UNIT
        """),
    ),
]
