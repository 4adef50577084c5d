"""Months: ``Mai 2019``, ``Ende Mai``, ``im vergangenen Mai``."""

from __future__ import annotations

from extraction.temporal import period as periods
from extraction.temporal.grammar import Reading, Rule, lines, rules
from extraction.temporal.match import PatternMatch
from extraction.temporal.period import Period
from extraction.temporal.scene import Scene


def month(match: PatternMatch, scene: Scene) -> Reading | None:
    """``Mai 2019``, ``Ende Mai`` and ``Mai``."""
    number, year = match.number("month"), match.number("year")
    if match.code_before("DOT") and match.code_before("SMALL", distance=2):
        return None  # 31. Februar
    if year:
        return Reading("date", match.narrowed(periods.month(year, number)), year="given")
    if match.at("mode") < 0 and not _is_month(match):
        return None
    named = scene.month(number, scene.towards(match))
    return Reading("date", match.narrowed(named), year="open")


def related_month(match: PatternMatch, scene: Scene) -> Reading | None:
    """``vergangenen Mai``, ``nächsten Januar``, ``Juli dieses Jahres``."""
    number, shift = match.number("month"), match.number("rel")
    now = scene.anchor.months
    if match.lexeme("unit").code == "NEIGHBOUR":
        shift = match.number("unit")
    if match.at("unit") >= 0:
        if match.lexeme("unit").text != "Y":
            return None
        year = scene.anchor.year
        if not year:
            return Reading("date", Period(f"XXXX-{number:02}", "month"))
        return Reading("date", match.narrowed(periods.month(year + shift, number)))
    if not now:
        return Reading("date", Period(f"XXXX-{number:02}", "month"))
    offset = (number - now[1]) % periods.MONTHS
    if shift > 0:
        offset = offset or periods.MONTHS
    elif shift < 0:
        offset -= periods.MONTHS
    else:
        offset = number - now[1]
    return Reading("date", match.narrowed(periods.month(*periods.add_months(*now, offset))))


def _is_month(match: PatternMatch) -> bool:
    """Tell the month from people who are called so: ``Ursula März``, ``August Bebel``."""
    if match.code_before("AM", "SEIT", "BIS", "AB", "VOR", "NACH", "VON", "IN", "REF", "SLASH"):
        return True
    before, after = match.before(), match.after()
    if match.code_after("DASH", "SLASH", "UND", "BIS") or match.code_before("UND", "DASH"):
        return not after[:1].isupper()
    named = before[:1].isupper() and before.isalpha() and not match.code_before("DET", "THIS")
    return not named and not after[:1].isupper()


RULES: list[Rule] = [
    *rules(
        month,
        lines("""
            month:MONTH year:YEAR?
            month:MONTH DET UNIT year:YEAR
            month:MONABB DOT? year:YEAR
            mode:MODE|DAYPART month:MONTH year:YEAR?
            mode:MODE DET month:MONTH year:YEAR?
        """),
    ),
    *rules(
        related_month,
        lines("""
            rel:REL|THIS month:MONTH
            mode:MODE rel:REL|THIS month:MONTH
            month:MONTH DET? rel:REL|THIS unit:UNIT
            month:MONTH DET unit:NEIGHBOUR
            mode:MODE month:MONTH DET unit:NEIGHBOUR
            mode:MODE month:MONTH DET? rel:REL|THIS unit:UNIT
        """),
    ),
]
