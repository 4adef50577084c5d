"""Lengths of time: ``drei Tage lang``, ``jahrelang``, ``seit Jahren``."""

from __future__ import annotations

from extraction.temporal.grammar import Reading, Rule, lines, rules
from extraction.temporal.lexicon import Lexeme, duration
from extraction.temporal.match import PatternMatch
from extraction.temporal.period import Period
from extraction.temporal.scene import Scene


def length(match: PatternMatch, _: Scene) -> Reading | None:
    """``drei Tage``, ``mehrere Jahre``, ``ein halbes Jahr``, ``seit Jahren``."""
    unit = match.lexeme("unit").text
    if match.at("single") >= 0:
        return Reading("duration", Period(duration("1", match.lexeme("single").text)))
    if _is_age(match, unit):
        return None
    if match.at("half") >= 0:
        halves = {"Y": "P6M", "TH": "PT30M"}
        return Reading("duration", Period(halves.get(unit, duration("0.5", unit))))
    lexeme = match.lexeme("count")
    if lexeme.code == "EIN" and match.tokens.word(match.at("count")) in ("eines", "Eines"):
        return None
    written = amount(lexeme) if match.at("count") >= 0 else "X"
    return Reading("duration", Period(duration(written, unit)))


def these_days(match: PatternMatch, _: Scene) -> Reading | None:
    """``in diesen Tagen`` is now; ``diese drei Tage`` is a length."""
    unit = match.lexeme("unit").text
    return Reading("date", Period("PRESENT_REF")) if unit == "D" else None


def fixed_length(match: PatternMatch, _: Scene) -> Reading | None:
    """``jahrelang``, ``dreitägig``, ``Viertelstunde``."""
    return Reading("duration", Period(match.lexeme("length").text))


def amount(lexeme: Lexeme) -> str:
    """Return an amount as a duration writes it: ``3``, ``1.5``, ``X`` where it is not told."""
    if lexeme.code in ("INT", "SMALL", "YEAR"):
        return lexeme.text.replace(".", "").replace(",", ".").lstrip("0") or "0"
    return lexeme.text.strip("-") or str(int(lexeme.number) or "X")


def _is_age(match: PatternMatch, unit: str) -> bool:
    """Tell ``45 Jahre alt``, ``im Alter von 6 Jahren`` and ``Kinder ab 6 Jahren``."""
    if unit not in ("Y", "M") or match.at("count") < 0:
        return False
    aged = match.before() == "von" and match.before(2) == "Alter"
    since = match.code_before("AB") and match.before(2)[:1].isupper() and match.before() != "Ab"
    return aged or since or match.code_after("OLD")


RULES: list[Rule] = [
    *rules(
        length,
        lines(
            """
            count:COUNT unit:UNIT|UNITS|CENTURY|WEEKEND LANG?
            EIN half:HALBE unit:UNIT LANG?
            half:HALBE unit:UNIT
            LONG unit:UNITS
            REL|THIS count:COUNT unit:UNITS
            DET? REL unit:UNITS
            <SEIT|NACH|AN|BIS|MARK unit:UNITS
            <DET unit:UNITS
            <DET ORDW unit:UNITS
            GANZ single:UNIT|WEEKEND
            unit:UNITS LANG
        """.replace("DET? REL", "REL")
        ),
    ),
    *rules(these_days, ["THIS unit:UNITS"]),
    *rules(fixed_length, ["length:LENGTH", "EIN length:LENGTH"]),
]
