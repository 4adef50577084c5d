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
#: What stands before days that come again.
_ON = ("an", "An", "AN")
_ALL = ("den", "allen", "beiden", "vielen", "manchen", "DEN", "ALLEN")


def each_unit(match: PatternMatch, _: Scene) -> Reading | None:
    """``jedes Jahr``, ``alle zwei Jahre``, ``jeden zweiten Tag``, ``pro Woche``."""
    if match.lexeme("unit").text.startswith("T") and match.code_before("X"):
        return None  # 50 Kilometer pro Stunde
    written = amount(match.lexeme("count")) if match.at("count") >= 0 else "1"
    if match.at("which") >= 0:
        written = str(match.number("which"))
    return Reading("set", Period(duration(written, match.lexeme("unit").text)))


def each_weekday(match: PatternMatch, _: Scene) -> Reading | None:
    """``jeden Montag``, ``montags``, ``Sonntage``, ``jeden Freitagabend``."""
    part = match.lexeme("part").text or match.lexeme("day").text.strip("-")
    return Reading("set", Period(f"XXXX-WXX-{match.number('day')}" + (f"T{part}" if part else "")))


def mondays(match: PatternMatch, scene: Scene) -> Reading | None:
    """``an Montagen``, ``Montage und Dienstage``; else they are being put together."""
    days, links = ("WDAYS", "WDAY"), ("UND", "COMMA", "DASH", "SLASH", "BIS")
    listed = (match.code_after(*links) and match.code_after(*days, distance=2)) or (
        match.code_before(*links) and match.code_before(*days, distance=2)
    )
    on = match.before() in _ON or (match.before(2) in _ON and match.before() in _ALL)
    dative = match.tokens.word(match.start).lower().endswith("n")
    return each_weekday(match, scene) if listed or (on and dative) else None


def opening_days(match: PatternMatch, _: Scene) -> Reading | None:
    """``Mo.-Fr.``, and ``Montag bis Freitag`` where hours follow: every week."""
    number = match.number("day")
    codes = match.tokens.codes[match.end : match.end + _HOURS_AHEAD]
    if match.lexeme("day").code == "WDAY" and (number != 1 or symbol("UHR") not in codes):
        return None
    return Reading("set", Period(f"XXXX-WXX-{number}/XXXX-WXX-{match.number('to')}"))


def each_part(match: PatternMatch, _: Scene) -> Reading | None:
    """``abends``, ``jeden Morgen``."""
    return Reading("set", Period(f"XXXX-XX-XXT{match.lexeme('part').text}"))


def each_period(match: PatternMatch, _: Scene) -> Reading | None:
    """``jeden Mai``, ``jeden Sommer``."""
    if match.at("month") >= 0:
        return Reading("set", Period(f"XXXX-{match.number('month'):02}"))
    name = match.lexeme("season").text
    return Reading("set", Period(f"XXXX-{name}" if name else "XXXX-WXX-WE"))


def adverb(match: PatternMatch, _: Scene) -> Reading | None:
    """``täglich``, ``monatliche``."""
    return Reading("set", Period(match.lexeme("set").text))


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
            day:WDAYS
            JED day:WDAY part:PART|SMALLPART?
            JED day:WDAYPART
            JED ORDW day:WDAY
        """),
    ),
    *rules(mondays, ["day:MONTAGE"]),
    *rules(
        opening_days,
        ["day:WDABB DOT? DASH|BIS to:WDABB", "day:WDAY DASH|BIS to:WDAY"],
    ),
    *rules(each_part, ["part:PARTSET", "JED part:PART"]),
    *rules(each_period, ["JED month:MONTH", "JED season:SEASON|WEEKEND"]),
    *rules(adverb, ["set:SETADV"]),
]
