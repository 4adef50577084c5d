"""Weeks, months and years counted from the anchor: ``nächste Woche``, ``Jahresende``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

from extraction.temporal import period as periods
from extraction.temporal.anchor import Anchor
from extraction.temporal.grammar import Reading, Rule, lines, rules
from extraction.temporal.match import PatternMatch
from extraction.temporal.period import Period
from extraction.temporal.scene import Scene, chosen

_UNKNOWN_DAY = Period("XXXX-XX-XX", "day")
_WEEK, _WEEKS, _SATURDAY = 7, 53, 6
_LAST_YEAR = 9998


def related(match: PatternMatch, scene: Scene) -> Reading | None:
    """``im vergangenen Jahr``, ``nächste Woche``, ``Ende dieses Monats``."""
    unit, shift = match.lexeme("unit").text, match.number("rel")
    if unit == "D":
        return None
    period = from_anchor(scene, unit, shift)
    return Reading("date", match.narrowed(period)) if period else None


def part_of_unit(match: PatternMatch, scene: Scene) -> Reading | None:
    """``Ende des Jahres``, ``Anfang der Woche``: of the anchor's."""
    period = from_anchor(scene, match.lexeme("unit").text, 0)
    return Reading("date", match.narrowed(period)) if period else None


def this_year(_: PatternMatch, scene: Scene) -> Reading | None:
    """``heuer``, as Austria, Bavaria and South Tyrol say."""
    period = from_anchor(scene, "Y", 0)
    return Reading("date", period) if period else None


def weekend(match: PatternMatch, scene: Scene) -> Reading | None:
    """``am Wochenende``: the last one up to the anchor, or the next."""
    today = scene.anchor.day
    if not today:
        return Reading("date", _week(None, "WE"))
    back = today.isoweekday() < _SATURDAY and scene.towards(match) != "future"
    return Reading("date", _week(periods.shifted(today, -_WEEK if back else 0), "WE"))


def related_weekend(match: PatternMatch, scene: Scene) -> Reading | None:
    """``kommendes Wochenende`` is the next to come, ``vergangenes`` the last one that is over."""
    shift, today = match.number("rel"), scene.anchor.day
    if not today:
        return Reading("date", _week(None, "WE"))
    weeks = shift - 1 if shift > 0 and today.isoweekday() < _SATURDAY else shift
    return Reading("date", _week(periods.shifted(today, _WEEK * weeks), "WE"))


def calendar_week(match: PatternMatch, scene: Scene) -> Reading | None:
    """``KW 25`` and ``25. Kalenderwoche 2024``."""
    number, year = match.number("which"), match.number("year") or scene.anchor.year
    if not 1 <= number <= _WEEKS:
        return None
    if not year:
        return Reading("date", Period(f"XXXX-W{number:02}", "week"))
    try:
        return Reading("date", periods.week(date.fromisocalendar(year, number, 1)))
    except ValueError:
        return None


def edge(match: PatternMatch, scene: Scene) -> Reading | None:
    """``Jahresende``, ``zu Jahresbeginn 2023``, ``Monatsmitte``, ``Jahreswechsel``."""
    unit, _, mode = match.lexeme("edge").text.partition(".")
    year, today = match.number("year"), scene.anchor.day
    period = periods.year(year) if year else from_anchor(scene, unit, 0)
    if mode == "TURN":
        return _turn_of_year(match, scene)
    if not period:
        return None
    if unit == "Y" and today and not year and period.first:
        tense = scene.towards(match)
        narrow = periods.third(period, mode)
        if tense == "past" and narrow.first and narrow.first > today:
            period = periods.year(today.year - 1)
        elif tense == "future" and narrow.last and narrow.last < today:
            period = periods.year(today.year + 1)
    return Reading("date", periods.third(period, mode))


def from_anchor(scene: Scene, unit: str, shift: int) -> Period | None:
    """Return the anchor's year, month, week … or the one so many of them away."""
    make = _BY_UNIT.get(unit)
    return make(scene.anchor, shift) if make else None


def _year(anchor: Anchor, shift: int) -> Period:
    return periods.year(anchor.year + shift) if anchor.year else Period("XXXX", "year")


def _month(anchor: Anchor, shift: int) -> Period:
    if not anchor.months:
        return Period("XXXX-XX", "month")
    return periods.month(*periods.add_months(*anchor.months, shift))


def _day(anchor: Anchor, shift: int) -> Period:
    day = periods.shifted(anchor.day, shift) if anchor.day else None
    return periods.day(day) if day else _UNKNOWN_DAY


def _weeks(anchor: Anchor, shift: int, unit: str = "W") -> Period:
    return _week(periods.shifted(anchor.day, _WEEK * shift) if anchor.day else None, unit)


def _decade(anchor: Anchor, shift: int) -> Period | None:
    return periods.decade(anchor.year // 10 + shift) if anchor.year else None


def _century(anchor: Anchor, shift: int) -> Period | None:
    return periods.century((anchor.year - 1) // 100 + 1 + shift) if anchor.year else None


_BY_UNIT: Mapping[str, Callable[[Anchor, int], Period | None]] = {
    "Y": _year,
    "M": _month,
    "W": _weeks,
    "WE": partial(_weeks, unit="WE"),
    "D": _day,
    "DE": _decade,
    "CE": _century,
}


def _week(day: date | None, unit: str) -> Period:
    if unit == "W":
        return periods.week(day) if day else Period("XXXX-WXX", "week")
    return periods.weekend(day) if day else Period("XXXX-WXX-WE", "weekend")


def _turn_of_year(match: PatternMatch, scene: Scene) -> Reading | None:
    today = scene.anchor.day
    if not today:
        return None
    days = [
        date(year, 12, 31)
        for year in range(max(1, today.year - 1), min(today.year + 1, _LAST_YEAR) + 1)
    ]
    eve = chosen(days, today, scene.towards(match))
    return Reading("date", Period(eve.isoformat(), "day", eve, periods.shifted(eve, 1)))


RULES: list[Rule] = [
    *rules(
        related,
        lines("""
            rel:REL|THIS unit:UNIT|CENTURY
            mode:MODE DET? rel:REL|THIS unit:UNIT|CENTURY
        """),
    ),
    *rules(part_of_unit, ["mode:MODE DET unit:UNIT|CENTURY"]),
    *rules(this_year, ["HEUER"]),
    *rules(weekend, ["WEEKEND"]),
    *rules(related_weekend, ["rel:REL|THIS WEEKEND"]),
    *rules(
        calendar_week,
        ["KW which:SMALL", "KW which:SMALL year:YEAR", "which:SMALL DOT KW year:YEAR?"],
    ),
    *rules(edge, ["edge:UNITMODE year:YEAR?", "edge:UNITMODE DET UNIT year:YEAR"]),
]
