"""Rules for what happens again and again, for the clock, and for ``jetzt`` and ``damals``."""

from __future__ import annotations

from dataclasses import replace

from extraction.temporal import period as periods
from extraction.temporal.counted import amount
from extraction.temporal.grammar import Found, Reading, Rule, lines, rules
from extraction.temporal.lexicon import duration
from extraction.temporal.period import Period
from extraction.temporal.scene import Scene
from extraction.temporal.token import symbol

_HOURS, _MINUTES = 24, 60
#: Tokens behind the days of the week in which the opening hours stand.
_HOURS_AHEAD = 10
_NO_DAY = "XXXX-XX-XX"


def each_unit(found: Found, _: Scene) -> Reading | None:
    """``jedes Jahr``, ``alle zwei Jahre``, ``jeden zweiten Tag``, ``pro Woche``."""
    if found.lexeme("unit").text.startswith("T") and found.code_before("X"):
        return None  # 50 Kilometer pro Stunde
    written = amount(found.lexeme("count")) if found.at("count") >= 0 else "1"
    if found.at("which") >= 0:
        written = str(found.number("which"))
    return Reading("set", Period(duration(written, found.lexeme("unit").text)))


def each_weekday(found: Found, _: Scene) -> Reading | None:
    """``jeden Montag``, ``montags``, ``jeden Freitagabend``."""
    part = found.lexeme("part").text or found.lexeme("day").text.strip("-")
    return Reading("set", Period(f"XXXX-WXX-{found.number('day')}" + (f"T{part}" if part else "")))


def opening_days(found: Found, _: Scene) -> Reading | None:
    """``Mo.-Fr.``, and ``Montag bis Freitag`` where hours follow: every week."""
    number = found.number("day")
    codes = found.tokens.codes[found.end : found.end + _HOURS_AHEAD]
    if found.lexeme("day").code == "WDAY" and (number != 1 or symbol("UHR") not in codes):
        return None
    return Reading("set", Period(f"XXXX-WXX-{number}/XXXX-WXX-{found.number('to')}"))


def each_part(found: Found, _: Scene) -> Reading | None:
    """``abends``, ``jeden Morgen``."""
    return Reading("set", Period(f"XXXX-XX-XXT{found.lexeme('part').text}"))


def each_period(found: Found, _: Scene) -> Reading | None:
    """``jeden Mai``, ``jeden Sommer``."""
    if found.at("month") >= 0:
        return Reading("set", Period(f"XXXX-{found.number('month'):02}"))
    name = found.lexeme("season").text
    return Reading("set", Period(f"XXXX-{name}" if name else "XXXX-WXX-WE"))


def adverb(found: Found, _: Scene) -> Reading | None:
    """``täglich``, ``monatliche``."""
    return Reading("set", Period(found.lexeme("set").text))


def reference(found: Found, _: Scene) -> Reading | None:
    """``jetzt``, ``damals``, ``künftig``, ``in Zukunft``."""
    return Reading("date", Period(found.lexeme("ref").text))


def clock(found: Found, scene: Scene) -> Reading | None:
    """``um 15 Uhr``, ``15.30 Uhr``, ``um 15:30``, ``20 Uhr 15``, ``Mitternacht``."""
    hour, minute = _hour(found)
    if not (0 <= hour <= _HOURS and 0 <= minute < _MINUTES):
        return None
    return _at(found, scene, f"T{hour:02}:{minute:02}")


def _at(found: Found, scene: Scene, clock_or_part: str) -> Reading:
    """Return a time of the day named before in the sentence.

    Where none is, the anchor's day gives the value, as HeidelTime has it, but no range: the text
    does not say it.
    """
    if said := scene.day_of_hour(found):
        day = periods.day(said)
        return Reading("time", replace(day, value=day.value + clock_or_part))
    near = scene.anchor.day
    return Reading("time", Period((near.isoformat() if near else _NO_DAY) + clock_or_part, "day"))


def _hour(found: Found) -> tuple[int, int]:
    if found.at("midnight") >= 0:
        return 24, 0
    if found.at("hour") >= 0:
        return found.number("hour"), found.number("minute")
    hour, _, minute = found.lexeme("clock").text.replace(".", ":").partition(":")
    return int(hour), int(minute)


def part_of_day(found: Found, scene: Scene) -> Reading | None:
    """``am Abend``: of the day that was named before in the sentence."""
    if found.code_before("DET") and not found.code_before("IN", distance=2):
        return None
    return _at(found, scene, f"T{found.lexeme('part').text}")


RULES: list[Rule] = [
    *rules(
        each_unit,
        lines("""
            JED unit:UNIT|CENTURY
            JED which:ORDW unit:UNIT
            ALLE count:COUNT unit:UNITS
            ALLE unit:UNITS
            PRO unit:UNIT|CENTURY
            <MAL AM unit:UNIT
            <MAL IN DET unit:UNIT
        """),
    ),
    *rules(
        each_weekday,
        lines("""
            day:WDAYSET
            JED day:WDAY part:PART|SMALLPART?
            JED day:WDAYPART
            JED ORDW day:WDAY
        """),
    ),
    *rules(
        opening_days,
        ["day:WDABB DOT? DASH|BIS to:WDABB", "day:WDAY DASH|BIS to:WDAY"],
    ),
    *rules(each_part, ["part:PARTSET", "JED part:PART"]),
    *rules(each_period, ["JED month:MONTH", "JED season:SEASON|WEEKEND"]),
    *rules(adverb, ["set:SETADV"]),
    *rules(
        reference,
        lines("""
            ref:REF
            IN ref:REFNOUN
            IN DET ref:REFNOUN
            AM ref:REFNOUN
        """),
    ),
    *rules(
        clock,
        lines("""
            hour:SMALL UHR
            hour:COUNTW|EIN UHR
            hour:SMALL UHR minute:SMALL
            clock:DM|CLOCK UHR
            <UM|AB|BIS|VON clock:CLOCK
            midnight:MIDNIGHT
        """),
    ),
    *rules(
        part_of_day,
        ["<AM|UM part:PART", "<AM|UM DAYPART part:PART", "<DET part:PART|FRUEH"],
    ),
]
