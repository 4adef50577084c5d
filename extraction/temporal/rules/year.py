"""Years and more: ``2019``, ``2021/22``, ``90er Jahre``, ``18. Jahrhundert``, ``500 v. Chr.``"""

from __future__ import annotations

from extraction.temporal import period as periods
from extraction.temporal.grammar import Reading, Rule, lines, rules
from extraction.temporal.match import PatternMatch
from extraction.temporal.period import Period
from extraction.temporal.scene import Scene
from extraction.temporal.year_number import is_year

#: What years such as ``2021/22`` are counted in from July to June.
_SEASONAL = ("Saison", "saison", "Spielzeit", "Schuljahr", "Schuljahres", "Wintersemester", "jahr")


def plain_year(match: PatternMatch, _: Scene) -> Reading | None:
    """``2019`` where it is no amount; ``Jahr 2019`` and ``Ende 2019`` always are."""
    if match.at("old") >= 0:
        return _old_year(match)
    year = match.number("year")
    sure = match.at("head") >= 0 or match.at("mode") >= 0
    if not year or (not sure and not is_year(match, year)):
        return None
    if sure and match.code_after("UNITS"):
        return None
    return Reading("date", match.narrowed(periods.year(year)))


def years(match: PatternMatch, _: Scene) -> Reading | None:
    """``2021/22`` and ``1914-1918``; behind ``Saison`` from July to June."""
    first, last = match.lexeme("years").text.replace("-", "/").split("/")
    start = int(first)
    end = int(last) if len(last) == 4 else start - start % 100 + int(last)  # noqa: PLR2004
    end += 100 * (end < start and start % 100 == 99)  # noqa: PLR2004 - 1999/00
    slashed = "/" in match.lexeme("years").text
    if not start < end or (not slashed and len(last) == 2 and int(last) <= 12):  # noqa: PLR2004
        return None
    if match.at("season") >= 0:
        return Reading("date", periods.season(start, match.lexeme("season").text))
    named = periods.interval(periods.year(start), periods.year(end))
    if end == start + 1 and slashed and match.before().endswith(_SEASONAL):
        named = periods.months(named.value, "year", start, 7, 12)
    return Reading("date", named)


def decade(match: PatternMatch, _: Scene) -> Reading | None:
    """``90er``, ``1990er Jahre``, ``Mitte der achtziger Jahre``, ``Neunziger``."""
    lexeme = match.lexeme("decade")
    if not _is_decade(match):
        return None
    tens = 10 * int(lexeme.text or "19") + int(lexeme.number)
    if not lexeme.text and lexeme.number <= 1:
        return None if lexeme.number else Reading("date", periods.decade(200))
    return Reading("date", match.narrowed(periods.decade(tens)))


def century(match: PatternMatch, _: Scene) -> Reading | None:
    """``18. Jahrhundert``, ``Ende des zwanzigsten Jahrhunderts``, ``3. Jahrhundert v. Chr.``"""
    number = match.number("which")
    if match.at("before") >= 0:
        return Reading("date", Period(f"BC{number - 1:02}", "century"))
    if not 1 <= number <= 30:  # noqa: PLR2004 - centuries
        return None
    return Reading("date", match.narrowed(periods.century(number)))


def christ(match: PatternMatch, _: Scene) -> Reading | None:
    """``500 v. Chr.`` and ``79 n. Chr.``"""
    lexeme = match.lexeme("number")
    number = int(lexeme.text) if lexeme.text.isdigit() else 0
    if not 1 <= number <= 9999:  # noqa: PLR2004 - years
        return None
    early = match.at("before") >= 0
    return Reading("date", periods.before_christ(number) if early else periods.year(number))


def _old_year(match: PatternMatch) -> Reading | None:
    """``im Jahr 800``, but not ``im Jahr 800 Euro``."""
    written_year = match.lexeme("old").text
    if not (written_year.isdigit() and len(written_year) == 3) or match.after()[:1].isupper():  # noqa: PLR2004
        return None
    return Reading("date", periods.year(int(written_year)))


def _is_decade(match: PatternMatch) -> bool:
    """Tell ``in den 90ern`` from ``ein 90er`` and from people called ``Zwanziger``."""
    if match.end - match.start > 1:
        return True
    plural = match.tokens.word(match.end - 1).endswith(("n", "jahre", "Jahre"))
    return plural or (match.lexeme("decade").code == "DECADE" and match.code_before("DET", "UND"))


RULES: list[Rule] = [
    *rules(
        plain_year,
        lines("""
            year:YEAR
            head:UNIT year:YEAR
            head:UNITS year:YEAR
            mode:MODE year:YEAR
            mode:MODE DET head:UNIT year:YEAR
            <AM|DET head:UNIT old:INT
        """),
    ),
    *rules(years, ["years:YEARS", "season:SEASON years:YEARS"]),
    *rules(
        decade,
        lines("""
            decade:DECADE|DECADEN UNITS?
            decade:DECADEW UNITS
            mode:MODE DET decade:DECADE|DECADEN UNITS?
            mode:MODE DET decade:DECADEW UNITS
            mode:DAYPART decade:DECADE|DECADEN UNITS?
        """),
    ),
    *rules(
        century,
        lines("""
            which:SMALL DOT unit:CENTURY
            which:ORDW unit:CENTURY
            mode:MODE DET which:SMALL DOT unit:CENTURY
            mode:MODE DET which:ORDW unit:CENTURY
            which:SMALL DOT unit:CENTURY before:VB|VOR DOT? CHR DOT?
            which:SMALL DOT unit:CENTURY NB|NACH DOT? CHR DOT?
        """),
    ),
    *rules(
        christ,
        lines("""
            number:SMALL|INT|YEAR before:VB|VOR DOT? CHR DOT?
            number:SMALL|INT|YEAR NB|NACH DOT? CHR DOT?
        """),
    ),
]
