"""Feasts: ``Ostern 2024``, ``Weihnachten``, ``erster Advent``."""

from __future__ import annotations

from datetime import date

from extraction.temporal import feast as feasts
from extraction.temporal import period as periods
from extraction.temporal.grammar import Reading, Rule, lines, rules
from extraction.temporal.match import PatternMatch
from extraction.temporal.period import Period
from extraction.temporal.scene import Scene, chosen
from extraction.temporal.verb import Direction

#: Years on both sides of the anchor's that a feast is looked for in.
_YEARS = 2


def holiday(match: PatternMatch, scene: Scene) -> Reading | None:
    """``Ostern 2024``, ``Weihnachten``, ``kommenden Pfingsten``, ``Ostern vergangenen Jahres``."""
    return _feast(match, scene, match.lexeme("name").text)


def christmas_day(match: PatternMatch, scene: Scene) -> Reading | None:
    """``zweiter Weihnachtsfeiertag``, ``1. Weihnachtstag``."""
    number = match.number("which")
    if not match.lexeme("name").text.startswith("Weihnachts") or number not in (1, 2):
        return None
    whole = _feast(match, scene, "Heiligabend")
    eve = whole.period.first if whole else None
    day = periods.shifted(eve, number) if eve else None
    return Reading("date", periods.day(day) if day else Period(f"XXXX-12-{24 + number}", "day"))


def named_feast(match: PatternMatch, scene: Scene) -> Reading | None:
    """``Tag der Deutschen Einheit``, ``Mariä Himmelfahrt``."""
    name = match.lexeme("name").text.replace("_", " ")
    words = scene.tokens.text[scene.tokens.starts[match.start] : scene.tokens.ends[match.end - 1]]
    if words.startswith(("Tags ", "Tages ")):
        words = "Tag " + words.partition(" ")[2]
    wanted = {"Himmelfahrt": ("Christi Himmelfahrt", "Mariä Himmelfahrt")}.get(name, (name,))
    if not words.startswith(wanted):
        return None
    return _feast(match, scene, "Mariä Himmelfahrt" if words.startswith("Mariä") else name)


def sunday_in_advent(match: PatternMatch, scene: Scene) -> Reading | None:
    number, now = match.number("which"), scene.anchor.day
    if not (now or match.number("year")) or not 1 <= number <= 4:  # noqa: PLR2004 - Sundays
        return None
    years = _years(match.number("year"), now)
    days = [feasts.advent(number, year) for year in years]
    return Reading("date", periods.day(chosen(days, now or days[0], scene.towards(match))))


def _feast(match: PatternMatch, scene: Scene, name: str) -> Reading | None:
    year, anchor = match.number("year"), scene.anchor
    if match.at("unit") >= 0 and anchor.year:
        year = anchor.year + match.number("rel")
    if not year and not anchor.day:
        return Reading("date", Period("XXXX-XX-XX", "day"))
    of_years = [feasts.feast(name, of_year) for of_year in _years(year, anchor.day)]
    by_day = {period.first: period for period in of_years if period and period.first}
    if not by_day:
        return None
    tense: Direction = scene.towards(match)
    if match.at("rel") >= 0 and match.at("unit") < 0:
        tense = "past" if match.number("rel") < 0 else "future"
    days = [day for day in by_day if day]
    return Reading("date", by_day[chosen(days, anchor.day or days[0], tense)])


def _years(year: int, now: date | None) -> list[int]:
    middle = now.year if now else year
    near = range(max(1, middle - _YEARS), min(date.max.year, middle + _YEARS) + 1)
    return [year] if year else list(near)


RULES: list[Rule] = [
    *rules(
        holiday,
        lines("""
            name:FEAST year:YEAR?
            rel:REL|THIS name:FEAST
            name:FEAST DET? rel:REL|THIS unit:UNIT
        """),
    ),
    *rules(
        christmas_day,
        ["which:ORDW name:FEAST year:YEAR?", "which:SMALL DOT name:FEAST year:YEAR?"],
    ),
    *rules(
        named_feast,
        lines("""
            X name:FEAST year:YEAR?
            UNIT DET name:FEASTOF year:YEAR?
            UNIT DET X name:FEASTOF year:YEAR?
        """),
    ),
    *rules(
        sunday_in_advent,
        ["which:ORDW ADVENT year:YEAR?", "which:SMALL DOT ADVENT year:YEAR?"],
    ),
]
