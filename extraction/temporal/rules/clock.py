"""Times of the day, and ``jetzt`` and ``damals``: ``um 15 Uhr``, ``am Abend``."""

from __future__ import annotations

from dataclasses import replace

from extraction.temporal import period as periods
from extraction.temporal.grammar import Reading, Rule, lines, rules
from extraction.temporal.match import PatternMatch
from extraction.temporal.period import Period
from extraction.temporal.scene import Scene

_HOURS, _MINUTES = 24, 60
_ROUND = 5
_NO_DAY = "XXXX-XX-XX"


def clock(match: PatternMatch, scene: Scene) -> Reading | None:
    """``um 15 Uhr``, ``15.30 Uhr``, ``um 15:30``, ``20 Uhr 15``, ``Mitternacht``."""
    hour, minute = _hour(match)
    if not (0 <= hour <= _HOURS and 0 <= minute < _MINUTES):
        return None
    if match.at("colon") >= 0 and not _is_clock(match, minute):
        return None
    return _at(match, scene, f"T{hour:02}:{minute:02}")


def part_of_day(match: PatternMatch, scene: Scene) -> Reading | None:
    """``am Abend``: of the day that was named before in the sentence."""
    if match.code_before("DET") and not match.code_before("IN", distance=2):
        return None
    return _at(match, scene, f"T{match.lexeme('part').text}")


def reference(match: PatternMatch, _: Scene) -> Reading | None:
    """``jetzt``, ``damals``, ``künftig``, ``in Zukunft``."""
    return Reading("date", Period(match.lexeme("ref").text))


def _hour(match: PatternMatch) -> tuple[int, int]:
    if match.at("midnight") >= 0:
        return 24, 0
    if match.at("hour") >= 0:
        return match.number("hour"), match.number("minute")
    name = "colon" if match.at("colon") >= 0 else "clock"
    hour, _, minute = match.lexeme(name).text.replace(".", ":").partition(":")
    return int(hour), int(minute)


def _is_clock(match: PatternMatch, minute: int) -> bool:
    """Tell ``ab 9:30`` and ``von 9:00 bis 17:30`` from scores, ratios and lengths of time.

    ``von 0:13 auf 1:14``, ``im Verhältnis von 1:10``, ``bis 10:12``, ``um 1:30 Minuten``. Nobody
    opens at a minute that is no multiple of five.
    """
    if match.code_after("UNIT", "UNITS"):
        return False
    if match.code_before("UM"):
        return True
    if match.code_before("VON") and not (
        match.code_after("BIS", "DASH") and match.code_after("CLOCK", "DM", "SMALL", distance=2)
    ):
        return False
    return not minute % _ROUND


def _at(match: PatternMatch, scene: Scene, clock_or_part: str) -> Reading:
    """Return a time of the day named before in the sentence.

    Where none is, the anchor's day gives the value, as HeidelTime has it, but no range: the text
    does not say it.
    """
    if said := scene.day_of_hour(match):
        day = periods.day(said)
        return Reading("time", replace(day, value=day.value + clock_or_part))
    near = scene.anchor.day
    return Reading("time", Period((near.isoformat() if near else _NO_DAY) + clock_or_part, "day"))


RULES: list[Rule] = [
    *rules(
        clock,
        lines("""
            hour:SMALL UHR
            hour:COUNTW|EIN UHR
            hour:SMALL UHR minute:SMALL
            clock:DM|CLOCK UHR
            <UM|AB|BIS|VON colon:CLOCK
            midnight:MIDNIGHT
        """),
    ),
    *rules(
        part_of_day,
        ["<AM|UM part:PART", "<AM|UM DAYPART part:PART", "<DET part:PART|FRUEH"],
    ),
    *rules(
        reference,
        lines("""
            ref:REF
            IN ref:REFNOUN
            IN DET ref:REFNOUN
            AM ref:REFNOUN
        """),
    ),
]
