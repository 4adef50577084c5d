"""What happens again and again: ``jeden Montag``, ``täglich``, ``alle vier Jahre``."""

from __future__ import annotations

from extraction.temporal.grammar import Reading, Rule, lines, rules
from extraction.temporal.lexicon import duration
from extraction.temporal.match import PatternMatch
from extraction.temporal.period import Period
from extraction.temporal.rules.length import amount
from extraction.temporal.scene import Scene
from extraction.temporal.token import symbol

#: CodedTokens behind the days of the week in which the opening hours stand.
_HOURS_AHEAD = 10


def each_unit(found: PatternMatch, _: Scene) -> Reading | None:
    """``jedes Jahr``, ``alle zwei Jahre``, ``jeden zweiten Tag``, ``pro Woche``."""
    if found.lexeme("unit").text.startswith("T") and found.code_before("X"):
        return None  # 50 Kilometer pro Stunde
    written = amount(found.lexeme("count")) if found.at("count") >= 0 else "1"
    if found.at("which") >= 0:
        written = str(found.number("which"))
    return Reading("set", Period(duration(written, found.lexeme("unit").text)))


def each_weekday(found: PatternMatch, _: Scene) -> Reading | None:
    """``jeden Montag``, ``montags``, ``jeden Freitagabend``."""
    part = found.lexeme("part").text or found.lexeme("day").text.strip("-")
    return Reading("set", Period(f"XXXX-WXX-{found.number('day')}" + (f"T{part}" if part else "")))


def opening_days(found: PatternMatch, _: Scene) -> Reading | None:
    """``Mo.-Fr.``, and ``Montag bis Freitag`` where hours follow: every week."""
    number = found.number("day")
    codes = found.tokens.codes[found.end : found.end + _HOURS_AHEAD]
    if found.lexeme("day").code == "WDAY" and (number != 1 or symbol("UHR") not in codes):
        return None
    return Reading("set", Period(f"XXXX-WXX-{number}/XXXX-WXX-{found.number('to')}"))


def each_part(found: PatternMatch, _: Scene) -> Reading | None:
    """``abends``, ``jeden Morgen``."""
    return Reading("set", Period(f"XXXX-XX-XXT{found.lexeme('part').text}"))


def each_period(found: PatternMatch, _: Scene) -> Reading | None:
    """``jeden Mai``, ``jeden Sommer``."""
    if found.at("month") >= 0:
        return Reading("set", Period(f"XXXX-{found.number('month'):02}"))
    name = found.lexeme("season").text
    return Reading("set", Period(f"XXXX-{name}" if name else "XXXX-WXX-WE"))


def adverb(found: PatternMatch, _: Scene) -> Reading | None:
    """``täglich``, ``monatliche``."""
    return Reading("set", Period(found.lexeme("set").text))


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
]
