"""Lengths of time: ``drei Tage lang``, ``jahrelang``, ``seit Jahren``."""

from __future__ import annotations

from extraction.temporal.grammar import Reading, Rule, lines, rules
from extraction.temporal.lexicon import Lexeme, duration
from extraction.temporal.match import PatternMatch
from extraction.temporal.period import Period
from extraction.temporal.scene import Scene


def length(found: PatternMatch, _: Scene) -> Reading | None:
    """``drei Tage``, ``mehrere Jahre``, ``ein halbes Jahr``, ``seit Jahren``."""
    unit = found.lexeme("unit").text
    if found.at("single") >= 0:
        return Reading("duration", Period(duration("1", found.lexeme("single").text)))
    if _is_age(found, unit):
        return None
    if found.at("half") >= 0:
        halves = {"Y": "P6M", "TH": "PT30M"}
        return Reading("duration", Period(halves.get(unit, duration("0.5", unit))))
    lexeme = found.lexeme("count")
    if lexeme.code == "EIN" and found.tokens.word(found.at("count")) in ("eines", "Eines"):
        return None
    written = amount(lexeme) if found.at("count") >= 0 else "X"
    return Reading("duration", Period(duration(written, unit)))


def these_days(found: PatternMatch, _: Scene) -> Reading | None:
    """``in diesen Tagen`` is now; ``diese drei Tage`` is a length."""
    unit = found.lexeme("unit").text
    return Reading("date", Period("PRESENT_REF")) if unit == "D" else None


def fixed_length(found: PatternMatch, _: Scene) -> Reading | None:
    """``jahrelang``, ``dreitägig``, ``Viertelstunde``."""
    return Reading("duration", Period(found.lexeme("length").text))


def amount(lexeme: Lexeme) -> str:
    """Return an amount as a duration writes it: ``3``, ``1.5``, ``X`` where it is not told."""
    if lexeme.code in ("INT", "SMALL", "YEAR"):
        return lexeme.text.replace(".", "").replace(",", ".").lstrip("0") or "0"
    return lexeme.text.strip("-") or str(int(lexeme.number) or "X")


def _is_age(found: PatternMatch, unit: str) -> bool:
    """Tell ``45 Jahre alt``, ``im Alter von 6 Jahren`` and ``Kinder ab 6 Jahren``."""
    if unit not in ("Y", "M") or found.at("count") < 0:
        return False
    aged = found.before() == "von" and found.before(2) == "Alter"
    since = found.code_before("AB") and found.before(2)[:1].isupper() and found.before() != "Ab"
    return aged or since or found.code_after("OLD")


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
