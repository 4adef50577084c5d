"""Days counted from the anchor: ``gestern``, ``am Mittwoch``, ``kommenden Freitag``."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from extraction.temporal import period as periods
from extraction.temporal.grammar import Reading, Rule, lines, rules
from extraction.temporal.match import PatternMatch
from extraction.temporal.period import Period
from extraction.temporal.scene import Scene

_UNKNOWN_DAY = "XXXX-XX-XX"
_WEEK = 7
#: Papers that are called after their day: ``Welt am Sonntag``.
_PAPERS = frozenset(["Welt", "Bild", "BILD", "NZZ", "Rundschau", "Zeitung", "Morgenpost", "Kurier"])


def deictic(match: PatternMatch, scene: Scene) -> Reading | None:
    """``gestern``, ``gestern Abend``, ``am heutigen Mittwoch``."""
    part = match.lexeme("part").text
    today = scene.anchor.day
    shift = match.number("shift")
    day = periods.shifted(today, shift) if today else None
    return of_day(day, _UNKNOWN_DAY, part)


def tomorrow(match: PatternMatch, scene: Scene) -> Reading | None:
    """``Morgen`` at the start of a sentence, where a verb follows."""
    opening = match.start == 0 or match.code_before("DOT", "PARA") or match.before() in '„»"!?:'
    if not opening or not match.after()[:1].islower():
        return None
    today = scene.anchor.day
    return of_day(periods.shifted(today, 1) if today else None, _UNKNOWN_DAY, "")


def weekday(match: PatternMatch, scene: Scene) -> Reading | None:
    """``am Mittwoch``, ``Dienstagabend``, ``seit Montag``."""
    if _is_name(match):
        return None
    if match.code_before("UND") and match.code_before("JED", distance=3):
        return Reading("set", Period(f"XXXX-WXX-{match.number('day')}"))
    number, same = match.number("day"), scene.last_day
    if match.code_before("EIN"):
        return _weekday(match, None)  # an einem Montag
    if same and match.code_before("COMMA", "DEICT", "LPAR") and same.isoweekday() == number:
        return _weekday(match, same)  # heute, Freitag
    of_past = match.before() == "vom" and not match.code_after("BIS", "AM", "AN")
    return _weekday(match, scene.weekday(number, "past" if of_past else scene.towards(match)))


def related_weekday(match: PatternMatch, scene: Scene) -> Reading | None:
    """``am kommenden Freitag``, ``letzten Montag``, ``an diesem Mittwoch``."""
    today, number = scene.anchor.day, match.number("day")
    if not today:
        return _weekday(match, None)
    away = number - today.isoweekday()  # this week's
    shift = match.number("rel")
    if shift > 0:
        away = away % _WEEK or _WEEK
    elif shift < 0:
        away = away % _WEEK - _WEEK
    away += _WEEK * (shift - (1 if shift > 0 else -1)) if shift else 0
    return _weekday(match, periods.shifted(today, away))


def weekday_of_week(match: PatternMatch, scene: Scene) -> Reading | None:
    """``Mittwoch kommender Woche``."""
    if match.lexeme("unit").text != "W":
        return None
    today, number = scene.anchor.day, match.number("day")
    away = number - today.isoweekday() + _WEEK * match.number("rel") if today else 0
    return _weekday(match, periods.shifted(today, away) if today else None)


def of_day(day: date | None, unknown: str, part: str) -> Reading:
    """Return a day, or the part of it that ``part`` (``EV``) names."""
    period = periods.day(day) if day else Period(unknown, "day")
    if not part:
        return Reading("date", period)
    return Reading("time", replace(period, value=f"{period.value}T{part}"))


def _weekday(match: PatternMatch, day: date | None) -> Reading:
    part = match.lexeme("part").text or match.lexeme("day").text
    unknown = f"XXXX-WXX-{match.number('day')}"
    return of_day(day, unknown, part.strip("-"))


def _is_name(match: PatternMatch) -> bool:
    """Tell people and papers from days: ``Konrad Sonntag sagte``, ``der Freitag schreibt``."""
    before = match.before()
    if before == "am" and match.before(2) in _PAPERS:
        return True
    named = before[:1].isupper() and before.isalpha() and match.code_before("X")
    return named and match.end - match.start == 1 and not match.code_after("COMMA", "DASH")


RULES: list[Rule] = [
    *rules(
        deictic,
        lines("""
            shift:DEICT
            shift:DEICT part:PART|SMALLPART|FRUEH
            shift:DEICT DAYPART part:PART
            shift:DEICTADJ part:PART
            shift:DEICTADJ WDAY part:PART|SMALLPART|FRUEH?
            shift:DEICTADJ part:WDAYPART
            shift:DEICTADJ UNIT
        """),
    ),
    *rules(tomorrow, ["PART"]),
    *rules(
        weekday,
        lines("""
            day:WDAY part:PART|SMALLPART|FRUEH?
            day:WDAYPART
            DAYPART day:WDAYPART
        """),
    ),
    *rules(
        related_weekday,
        lines("""
            rel:REL|THIS day:WDAY part:PART|SMALLPART|FRUEH?
            rel:REL|THIS day:WDAYPART
        """),
    ),
    *rules(weekday_of_week, ["day:WDAY|WDAYPART DET? rel:REL|THIS unit:UNIT"]),
]
