"""So many days or years away: ``vor drei Jahren``, ``zwei Tage später``, ``am Tag darauf``."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from extraction.temporal import period as periods
from extraction.temporal.anchor import Anchor, of_day
from extraction.temporal.grammar import Reading, Rule, lines, rules
from extraction.temporal.lexicon import Lexeme
from extraction.temporal.match import PatternMatch
from extraction.temporal.period import Period
from extraction.temporal.rules.length import amount, length
from extraction.temporal.rules.relative import from_anchor
from extraction.temporal.scene import Scene

#: Shifts beyond this many units are no dates of the news.
_MOST = 5_000
_WEEK = 7
_UNKNOWN = {"Y": "XXXX", "M": "XXXX-XX", "W": "XXXX-WXX", "D": "XXXX-XX-XX", "WE": "XXXX-WXX-WE"}


def ago(match: PatternMatch, scene: Scene) -> Reading | None:
    """``vor drei Jahren``, ``in drei Tagen``, ``vor Jahren``."""
    count, unit = _whole(match.lexeme("count")), match.lexeme("unit").text
    past = match.at("past") >= 0
    if not past and (match.at("count") < 0 or count is None):
        return None
    if not past and scene.direction(match) == "past":
        return length(match, scene)
    if count is None or unit not in _UNKNOWN:
        return Reading("date", Period("PAST_REF" if past else "FUTURE_REF"))
    period = from_anchor(scene, unit, -count if past else count)
    return Reading("date", period or Period(_UNKNOWN[unit]))


def exactly_ago(match: PatternMatch, scene: Scene) -> Reading | None:
    """``heute vor drei Jahren``: that very day."""
    count, unit, today = _whole(match.lexeme("count")), match.lexeme("unit").text, scene.anchor.day
    if count is None or not today:
        return Reading("date", Period("XXXX-XX-XX", "day")) if unit in "YMWD" else None
    start = periods.shifted(today, match.number("shift"))
    day = _moved(start, unit, -count if match.at("past") >= 0 else count) if start else None
    return Reading("date", periods.day(day)) if day else None


def since_last(match: PatternMatch, scene: Scene) -> Reading | None:
    """``zwei Jahre später``, ``drei Tage zuvor``: counted from what was read before."""
    count, unit = _whole(match.lexeme("count")), match.lexeme("unit").text
    if match.at("count") < 0 and match.lexeme("unit").number == 1:
        count = 1
    if unit not in _UNKNOWN:
        return None
    if count is None:
        return Reading("date", Period("FUTURE_REF" if match.number("shift") > 0 else "PAST_REF"))
    return Reading("date", from_last(scene, unit, count * match.number("shift")))


def same(match: PatternMatch, scene: Scene) -> Reading | None:
    """``im selben Jahr``, ``am folgenden Tag``, ``im Jahr darauf``."""
    unit = match.lexeme("unit").text
    if unit not in _UNKNOWN:
        return None
    return Reading("date", from_last(scene, unit, match.number("shift")))


def in_same_year(match: PatternMatch, scene: Scene) -> Reading | None:
    """``August desselben Jahres``, ``3. Mai des folgenden Jahres``: of the year read before."""
    month, number = match.number("month"), match.number("day")
    if match.lexeme("unit").text != "Y":
        return None
    known = _anchor(scene.last) if scene.last else None
    if not known or not known.year:
        unknown = f"XXXX-{month:02}" + (f"-{number:02}" if number else "")
        return Reading("date", Period(unknown, "day" if number else "month"))
    year = known.year + match.number("shift")
    if not number:
        return Reading("date", periods.month(year, month), year="given")
    try:
        return Reading("date", periods.day(date(year, month, number)), year="given")
    except ValueError:
        return None


def next_day(match: PatternMatch, scene: Scene) -> Reading | None:
    """``am nächsten Tag`` of the day read before; ``am letzten Tag`` is none."""
    shift = match.number("rel")
    if match.lexeme("unit").text != "D" or shift < 0:
        return None
    return Reading("date", from_last(scene, "D", shift))


def numbered(match: PatternMatch, scene: Scene) -> Reading | None:
    """``in der dritten Woche``, ``am zweiten Tag``: of what began on a day read before."""
    number, unit = match.number("which"), match.lexeme("unit").text
    if not scene.opening or unit not in ("D", "W"):
        return None
    length = _WEEK if unit == "W" else 1
    day = periods.shifted(scene.opening, length * (number - 1))
    if not day:
        return None
    return Reading("date", periods.week(day) if unit == "W" else periods.day(day))


def following_weekday(match: PatternMatch, scene: Scene) -> Reading | None:
    """``am darauffolgenden Montag``, ``am selben Mittwoch``."""
    reference = _anchor(scene.last) if scene.last else None
    number, shift = match.number("day"), match.number("shift")
    unknown = Reading("date", Period(f"XXXX-WXX-{number}", "day"))
    if not reference or not reference.day or not shift:
        return unknown
    away = (number - reference.day.isoweekday()) % _WEEK or _WEEK
    back = away - _WEEK * (1 if away < _WEEK else 2)
    day = periods.shifted(reference.day, away if shift > 0 else back)
    return Reading("date", periods.day(day)) if day else unknown


def neighbour(match: PatternMatch, scene: Scene) -> Reading | None:
    """``Vorjahr``, ``am Vortag``, ``Folgejahr``: of what was read before, else of the anchor."""
    lexeme = match.lexeme("name")
    period = from_last(scene, lexeme.text, int(lexeme.number))
    if not period.first:
        period = from_anchor(scene, lexeme.text, int(lexeme.number)) or period
    return Reading("date", period)


def from_last(scene: Scene, unit: str, shift: int) -> Period:
    """Return the unit so many away from the range read before, if that is fine enough."""
    unknown = Period(_UNKNOWN.get(unit, "XXXX"))
    reference = _anchor(scene.last) if scene.last else None
    if unit == "D" and scene.last_day and not (reference and reference.day):
        reference = of_day(scene.last_day)
    if unit in ("W", "WE") and scene.last and scene.last.precision in ("week", "weekend"):
        reference = of_day(scene.last.first) if scene.last.first else None
    if not reference:
        return unknown
    return from_anchor(Scene(scene.tokens, reference), unit, shift) or unknown


def _whole(lexeme: Lexeme) -> int | None:
    """Return an amount that dates can be counted by."""
    written = amount(lexeme)
    return int(written) if written.isdigit() and int(written) <= _MOST else None


def _moved(day: date, unit: str, count: int) -> date | None:
    if unit in "WD":
        return periods.shifted(day, count * (_WEEK if unit == "W" else 1))
    if unit not in "YM":
        return None
    year, month = periods.add_months(
        day.year, day.month, count * (periods.MONTHS if unit == "Y" else 1)
    )
    if not 1 <= year <= date.max.year:
        return None
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _anchor(last: Period) -> Anchor | None:
    """Return what is known of a range that was read: the day, the month or the year."""
    if not (last.first and last.last):
        return None
    if last.precision == "day":
        return of_day(last.first)
    if (last.first.year, last.first.month) == (last.last.year, last.last.month):
        return Anchor(last.first.year, last.first.month)
    return Anchor(last.first.year) if last.first.year == last.last.year else None


RULES: list[Rule] = [
    *rules(
        ago,
        lines("""
            past:VOR count:COUNT unit:UNIT|UNITS|CENTURY
            past:VOR APPROX count:COUNT unit:UNIT|UNITS|CENTURY
            past:VOR APPROX APPROX count:COUNT unit:UNIT|UNITS|CENTURY
            past:VOR unit:UNITS
            past:VOR DET? count:COUNTW unit:UNITS
            IN count:COUNT unit:UNIT|UNITS
            IN APPROX count:COUNT unit:UNIT|UNITS
        """),
    ),
    *rules(
        exactly_ago,
        [
            "shift:DEICT past:VOR count:COUNT unit:UNIT|UNITS",
            "shift:DEICT IN count:COUNT unit:UNITS",
        ],
    ),
    *rules(
        since_last,
        lines("""
            count:COUNT unit:UNIT|UNITS shift:LATER
            unit:UNITS shift:LATER
            unit:UNIT shift:LATER
            unit:TAGS shift:LATER
        """),
    ),
    *rules(same, ["shift:SAME|FOLLOW unit:UNIT|WEEKEND"]),
    *rules(next_day, ["rel:REL|THIS unit:UNIT"]),
    *rules(
        in_same_year,
        lines("""
            month:MONTH DET? shift:SAME|FOLLOW unit:UNIT
            day:SMALL DOT month:MONTH DET? shift:SAME|FOLLOW unit:UNIT
        """),
    ),
    *rules(numbered, ["<DET|AM which:ORDW unit:UNIT"]),
    *rules(following_weekday, ["shift:SAME|FOLLOW day:WDAY"]),
    *rules(neighbour, ["name:NEIGHBOUR"]),
]
