"""Days that are written out: ``3. Oktober 1990``, ``03.10.``, ``vom 3.`` bis 5. Mai."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from extraction.temporal import period as periods
from extraction.temporal.grammar import Reading, Rule, code_pattern, lines, rules
from extraction.temporal.match import PatternMatch
from extraction.temporal.period import Period
from extraction.temporal.scene import Scene

#: Two-digit years up to this many years after the anchor's are of its century.
_YEARS_AHEAD = 20
_PIVOT = 50
#: What ``3.10.`` stands behind where it is a day.
_BEFORE_DIGITS = (
    *("AM", "BIS", "VON", "DET", "SEIT", "AB", "LPAR"),
    *("UND", "DASH", "COMMA", "PARA", "ZWISCHEN", "AN"),
)
#: What follows a day without a month: other days, then the month.
_LINK = "(?:COMMA? (?:UND|BIS|DASH|SLASH|AN)|COMMA) (?:AM|DET)?"
_LIST = code_pattern(
    f"(?:{_LINK} (?:WDAY|WDABB)? COMMA? DET? SMALL DOT)",
    "{0,12}",
    f"(?:MONTH|MONABB|{_LINK} (?:WDAY COMMA?)? DM|DMY)",
)


def written(match: PatternMatch, scene: Scene) -> Reading | None:
    """``3. Oktober 1990``, ``Mittwoch, den 3. Oktober``, ``3. 10. 1990``."""
    day, month = match.number("day"), match.number("month")
    return _day(match, scene, day, month, match.lexeme("year").text)


def digits(match: PatternMatch, scene: Scene) -> Reading | None:
    """``3.10.90``, ``03.10.`` and ``am 3.10``."""
    if not _is_day(match):
        return None
    parts = [*match.lexeme("digits").text.split("."), ""]
    return _day(match, scene, int(parts[0]), int(parts[1]), parts[2] or match.lexeme("year").text)


def _is_day(match: PatternMatch) -> bool:
    """Tell ``am 3.10.`` from ``Version 3.10.``"""
    sure = match.lexeme("digits").code == "DMY" or match.at("wday") >= 0
    return sure or match.start == 0 or match.code_before(*_BEFORE_DIGITS)


def elliptic(match: PatternMatch, scene: Scene) -> Reading | None:
    """``3.`` in ``3. bis 5. Mai``, ``3., 4. und 5. Mai`` and ``10.-12.5.``: the month follows."""
    ahead = _LIST.match(match.tokens.codes, match.end)
    lexeme = match.tokens.lexemes[ahead.end() - 1] if ahead else None
    if not (ahead and lexeme):
        return None
    year = match.tokens.lexemes.get(ahead.end())
    given = year.text if year and year.code == "YEAR" else ""
    if lexeme.code in ("DM", "DMY"):
        parts = [*lexeme.text.split("."), ""]
        return _day(match, scene, match.number("day"), int(parts[1]), parts[2] or given)
    return _day(match, scene, match.number("day"), int(lexeme.number), given)


def of_related_year(match: PatternMatch, scene: Scene) -> Reading | None:
    """``3. Mai vergangenen Jahres``, ``24. Dezember des Vorjahres``."""
    unit, year = match.lexeme("unit"), scene.anchor.year
    if unit.text != "Y":
        return None
    shift = match.number("unit") if unit.code == "NEIGHBOUR" else match.number("rel")
    if not year:
        unknown = Period(f"XXXX-{match.number('month'):02}-{match.number('day'):02}", "day")
        return Reading("date", unknown)
    return _day(match, scene, match.number("day"), match.number("month"), f"{year + shift:04}")


def iso(match: PatternMatch, _: Scene) -> Reading | None:
    try:
        return Reading("date", periods.day(date.fromisoformat(match.lexeme("iso").text)))
    except ValueError:
        return None


def part_of_date(match: PatternMatch, scene: Scene) -> Reading | None:
    """``Morgen des 17. Januar``, ``Abend des 3. Mai 2019``."""
    named = written(match, scene)
    if not named or not named.period.value:
        return None
    part = match.lexeme("part").text
    return replace(
        named, kind="time", period=replace(named.period, value=f"{named.period.value}T{part}")
    )


def _day(match: PatternMatch, scene: Scene, day: int, month: int, year: str) -> Reading | None:
    if not year:
        named = scene.day_of_year(month, day, scene.towards(match), match.number("wday"))
        return Reading("date", named, year="open") if named else None
    try:
        return Reading("date", periods.day(date(full_year(year, scene), month, day)), year="given")
    except ValueError:
        return None


def full_year(written_year: str, scene: Scene) -> int:
    """Return ``90`` as 1990 and ``24`` as 2024: at most 20 years after the anchor."""
    number = int(written_year)
    if len(written_year) != 2:  # noqa: PLR2004 - digits
        return number
    if not scene.anchor.year:
        return number + (2000 if number < _PIVOT else 1900)
    latest = scene.anchor.year + _YEARS_AHEAD
    return latest - (latest - number) % 100


RULES: list[Rule] = [
    *rules(
        written,
        lines("""
            day:SMALL DOT month:MONABB DOT? year:YEAR?
            day:SMALL DOT month:MONTH year:YEAR?
            day:SMALL DOT month:MONTH COMMA? DET UNIT year:YEAR
            day:SMALL DOT month:SMALL DOT year:YEAR
            day:ORDW month:MONTH year:YEAR?
            wday:WDAY|WDAYPART ( COMMA? DET? )? day:SMALL DOT month:MONTH year:YEAR?
            wday:WDAY|WDAYPART ( COMMA? DET? )? day:SMALL DOT month:MONABB DOT? year:YEAR?
            wday:WDAY|WDAYPART ( COMMA? DET? )? day:SMALL DOT month:SMALL DOT year:YEAR?
            DAYREL|DEICTADJ wday:WDAY|WDAYPART ( COMMA? DET? )? day:SMALL DOT month:MONTH year:YEAR?
            wday:WDAY|WDAYPART LPAR day:SMALL DOT month:MONTH year:YEAR? RPAR
            wday:WDABB DOT? COMMA? day:SMALL DOT month:MONTH year:YEAR?
        """),
    ),
    *rules(
        digits,
        lines("""
            digits:DMY
            wday:WDAY|WDAYPART COMMA? DET? digits:DMY
            DAYREL|DEICTADJ wday:WDAY|WDAYPART COMMA? DET? digits:DMY
            wday:WDAY|WDAYPART LPAR digits:DMY RPAR
            wday:WDABB DOT? COMMA? digits:DMY
            wday:WDABB DOT? COMMA? digits:DM DOT year:YEAR?
            wday:WDAY|WDAYPART COMMA? DET? digits:DM DOT year:YEAR?
            wday:WDAY|WDAYPART LPAR digits:DM DOT year:YEAR? RPAR
            digits:DM DOT year:YEAR?
            <AM digits:DM
        """),
    ),
    *rules(
        elliptic,
        lines("""
            day:SMALL DOT
            wday:WDAY|WDAYPART COMMA? DET? day:SMALL DOT
            wday:WDABB DOT? COMMA? day:SMALL DOT
            day:SMALL
        """),
    ),
    *rules(
        of_related_year,
        lines("""
            day:SMALL DOT month:MONTH DET? rel:REL|THIS unit:UNIT
            day:SMALL DOT month:MONTH DET unit:NEIGHBOUR
        """),
    ),
    *rules(iso, ["iso:ISO"]),
    *rules(
        part_of_date,
        lines("""
            part:PART DET day:SMALL DOT month:MONTH year:YEAR?
            DAYPART part:PART DET day:SMALL DOT month:MONTH year:YEAR?
        """),
    ),
]
