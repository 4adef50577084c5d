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


def deictic(found: PatternMatch, scene: Scene) -> Reading | None:
    """``gestern``, ``gestern Abend``, ``am heutigen Mittwoch``."""
    part = found.lexeme("part").text
    today = scene.anchor.day
    shift = found.number("shift")
    day = periods.shifted(today, shift) if today else None
    return of_day(day, _UNKNOWN_DAY, part)


def tomorrow(found: PatternMatch, scene: Scene) -> Reading | None:
    """``Morgen`` at the start of a sentence, where a verb follows."""
    opening = found.start == 0 or found.code_before("DOT", "PARA") or found.before() in '„»"!?:'
    if not opening or not found.after()[:1].islower():
        return None
    today = scene.anchor.day
    return of_day(periods.shifted(today, 1) if today else None, _UNKNOWN_DAY, "")


def weekday(found: PatternMatch, scene: Scene) -> Reading | None:
    """``am Mittwoch``, ``Dienstagabend``, ``seit Montag``."""
    if _is_name(found):
        return None
    if found.code_before("UND") and found.code_before("JED", distance=3):
        return Reading("set", Period(f"XXXX-WXX-{found.number('day')}"))
    number, same = found.number("day"), scene.last_day
    if found.code_before("EIN"):
        return _weekday(found, None)  # an einem Montag
    if same and found.code_before("COMMA", "DEICT", "LPAR") and same.isoweekday() == number:
        return _weekday(found, same)  # heute, Freitag
    of_past = found.before() == "vom" and not found.code_after("BIS", "AM", "AN")
    return _weekday(found, scene.weekday(number, "past" if of_past else scene.towards(found)))


def related_weekday(found: PatternMatch, scene: Scene) -> Reading | None:
    """``am kommenden Freitag``, ``letzten Montag``, ``an diesem Mittwoch``."""
    today, number = scene.anchor.day, found.number("day")
    if not today:
        return _weekday(found, None)
    away = number - today.isoweekday()  # this week's
    shift = found.number("rel")
    if shift > 0:
        away = away % _WEEK or _WEEK
    elif shift < 0:
        away = away % _WEEK - _WEEK
    away += _WEEK * (shift - (1 if shift > 0 else -1)) if shift else 0
    return _weekday(found, periods.shifted(today, away))


def weekday_of_week(found: PatternMatch, scene: Scene) -> Reading | None:
    """``Mittwoch kommender Woche``."""
    if found.lexeme("unit").text != "W":
        return None
    today, number = scene.anchor.day, found.number("day")
    away = number - today.isoweekday() + _WEEK * found.number("rel") if today else 0
    return _weekday(found, periods.shifted(today, away) if today else None)


def of_day(day: date | None, unknown: str, part: str) -> Reading:
    """Return a day, or the part of it that ``part`` (``EV``) names."""
    period = periods.day(day) if day else Period(unknown, "day")
    if not part:
        return Reading("date", period)
    return Reading("time", replace(period, value=f"{period.value}T{part}"))


def _weekday(found: PatternMatch, day: date | None) -> Reading:
    part = found.lexeme("part").text or found.lexeme("day").text
    unknown = f"XXXX-WXX-{found.number('day')}"
    return of_day(day, unknown, part.strip("-"))


def _is_name(found: PatternMatch) -> bool:
    """Tell people and papers from days: ``Konrad Sonntag sagte``, ``der Freitag schreibt``."""
    before = found.before()
    if before == "am" and found.before(2) in _PAPERS:
        return True
    named = before[:1].isupper() and before.isalpha() and found.code_before("X")
    return named and found.end - found.start == 1 and not found.code_after("COMMA", "DASH")


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
