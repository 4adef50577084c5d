"""Nights that lie between two days: ``in der Nacht zum Sonntag``."""

from __future__ import annotations

from extraction.temporal import period as periods
from extraction.temporal.grammar import Reading, Rule, lines, rules
from extraction.temporal.match import PatternMatch
from extraction.temporal.period import Period
from extraction.temporal.rules.day import written
from extraction.temporal.scene import Scene

_WEEK = 7


def night(match: PatternMatch, scene: Scene) -> Reading | None:
    """``Nacht zum Sonntag``: the night that begins on Saturday and ends on Sunday."""
    if match.at("shift") >= 0:
        today = scene.anchor.day
        end = periods.shifted(today, match.number("shift")) if today else None
    else:
        end = scene.weekday(match.number("day"), scene.towards(match))
    start = periods.shifted(end, -1) if end else None
    if not (start and end):
        before = (match.number("day") - 2) % _WEEK + 1
        return Reading("time", Period(f"XXXX-WXX-{before}TNI", "day"))
    return Reading("time", Period(f"{start.isoformat()}TNI", "day", start, end))


def dated_night(match: PatternMatch, scene: Scene) -> Reading | None:
    """``Nacht vom 3. auf den 4. Mai``, ``Nacht zum 4. Mai``."""
    named = written(match, scene)
    end = named.period if named else None
    start = periods.shifted(end.first, -1) if end and end.first else None
    if not (end and start):
        return None
    return Reading("time", Period(f"{start.isoformat()}TNI", "day", start, end.first))


RULES: list[Rule] = [
    *rules(
        night,
        lines("""
            PART AM|AN DET? day:WDAY
            PART VON|AM WDAY AM|AN DET? day:WDAY
            PART AM|AN shift:DEICT
        """),
    ),
    *rules(
        dated_night,
        lines("""
            PART AM|AN DET? day:SMALL DOT month:MONTH year:YEAR?
            PART VON|AM SMALL DOT AM|AN DET? day:SMALL DOT month:MONTH year:YEAR?
            PART VON|AM SMALL DOT MONTH AM|AN DET? day:SMALL DOT month:MONTH year:YEAR?
        """),
    ),
]
