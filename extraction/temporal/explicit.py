"""Rules for dates that are written out: ``3. Oktober 1990``, ``03.10.``, ``Ende Mai``, ``2019``."""

from __future__ import annotations

from datetime import date

from extraction.temporal import period as periods
from extraction.temporal.grammar import Found, Reading, Rule, code_pattern, lines, rules
from extraction.temporal.period import Period
from extraction.temporal.scene import Scene
from extraction.temporal.tense import Direction
from extraction.temporal.year import is_year

#: Two-digit years up to this many years after the anchor's are of its century.
_YEARS_AHEAD = 20
_PIVOT = 50
_WEEKS = 53


def written(found: Found, scene: Scene) -> Reading | None:
    """``3. Oktober 1990``, ``Mittwoch, den 3. Oktober``, ``3. 10. 1990``."""
    day, month = found.number("day"), found.number("month")
    return _day(found, scene, day, month, found.lexeme("year").text)


def digits(found: Found, scene: Scene) -> Reading | None:
    """``3.10.90``, ``03.10.`` and ``am 3.10``."""
    parts = [*found.lexeme("digits").text.split("."), ""]
    return _day(found, scene, int(parts[0]), int(parts[1]), parts[2] or found.lexeme("year").text)


def elliptic(found: Found, scene: Scene) -> Reading | None:
    """``3.`` in ``3. bis 5. Mai``, ``3., 4. und 5. Mai`` and ``10.-12.5.``: the month follows."""
    codes = found.tokens.codes
    if not _LIST.match(codes, found.end):
        return None
    ahead = _LIST.match(codes, found.end)
    lexeme = found.tokens.lexemes[ahead.end() - 1] if ahead else None
    if not (ahead and lexeme):
        return None
    year = found.tokens.lexemes.get(ahead.end())
    given = year.text if year and year.code == "YEAR" else ""
    if lexeme.code in ("DM", "DMY"):
        parts = [*lexeme.text.split("."), ""]
        return _day(found, scene, found.number("day"), int(parts[1]), parts[2] or given)
    return _day(found, scene, found.number("day"), int(lexeme.number), given)


def iso(found: Found, _: Scene) -> Reading | None:
    try:
        return Reading("date", periods.day(date.fromisoformat(found.lexeme("iso").text)))
    except ValueError:
        return None


def _day(found: Found, scene: Scene, day: int, month: int, year: str) -> Reading | None:
    if not year:
        named = scene.day_of_year(month, day, towards(found, scene), found.number("wday"))
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


def towards(found: Found, scene: Scene) -> Direction:
    """Tell from prepositions and verbs on which side of the anchor to look."""
    if found.code_before("SEIT"):
        return "past"
    tense = scene.direction(found)
    if not tense and (found.code_before("AB", "BIS") or found.before(2) in ("bis", "ab")):
        return "future"
    return tense


def narrowed(found: Found, period: Period) -> Period:
    return periods.third(period, found.lexeme("mode").text)


def month(found: Found, scene: Scene) -> Reading | None:
    """``Mai 2019``, ``Ende Mai`` and ``Mai``."""
    number, year = found.number("month"), found.number("year")
    if found.code_before("DOT") and found.code_before("SMALL", distance=2):
        return None  # 31. Februar
    if year:
        return Reading("date", narrowed(found, periods.month(year, number)), year="given")
    if found.at("mode") < 0 and not _is_month(found):
        return None
    named = scene.month(number, towards(found, scene))
    return Reading("date", narrowed(found, named), year="open")


def _is_month(found: Found) -> bool:
    """Tell the month from people who are called so: ``Ursula März``, ``August Bebel``."""
    if found.code_before("AM", "SEIT", "BIS", "AB", "VOR", "NACH", "VON", "IN", "REF", "SLASH"):
        return True
    before, after = found.before(), found.after()
    if found.code_after("DASH", "SLASH", "UND", "BIS") or found.code_before("UND", "DASH"):
        return not after[:1].isupper()
    named = before[:1].isupper() and before.isalpha() and not found.code_before("DET", "THIS")
    return not named and not after[:1].isupper()


def plain_year(found: Found, scene: Scene) -> Reading | None:
    """``2019`` where it is no amount; ``Jahr 2019`` and ``Ende 2019`` always are."""
    if found.at("old") >= 0:
        return _old_year(found)
    year = found.number("year")
    sure = found.at("head") >= 0 or found.at("mode") >= 0
    if not year or (not sure and not is_year(found, year)):
        return None
    if sure and found.code_after("UNITS"):
        return None
    return Reading("date", narrowed(found, periods.year(year)))


def _old_year(found: Found) -> Reading | None:
    """``im Jahr 800``, but not ``im Jahr 800 Euro``."""
    written_year = found.lexeme("old").text
    if not (written_year.isdigit() and len(written_year) == 3) or found.after()[:1].isupper():  # noqa: PLR2004
        return None
    return Reading("date", periods.year(int(written_year)))


def years(found: Found, scene: Scene) -> Reading | None:
    """``2021/22`` and ``1914-1918``; behind ``Saison`` from July to June."""
    first, last = found.lexeme("years").text.replace("-", "/").split("/")
    start = int(first)
    end = int(last) if len(last) == 4 else start - start % 100 + int(last)  # noqa: PLR2004
    end += 100 * (end < start and start % 100 == 99)  # noqa: PLR2004 - 1999/00
    slashed = "/" in found.lexeme("years").text
    if not start < end or (not slashed and len(last) == 2 and int(last) <= 12):  # noqa: PLR2004
        return None
    if found.at("season") >= 0:
        return Reading("date", periods.season(start, found.lexeme("season").text))
    named = periods.interval(periods.year(start), periods.year(end))
    if end == start + 1 and slashed and found.before().endswith(_SEASONAL):
        named = periods.months(named.value, "year", start, 7, 12)
    return Reading("date", named)


_SEASONAL = ("Saison", "saison", "Spielzeit", "Schuljahr", "Schuljahres", "Wintersemester", "jahr")


def season(found: Found, scene: Scene) -> Reading | None:
    """``Herbst 2019``, ``im Herbst``."""
    name, year = found.lexeme("season").text, found.number("year")
    if year:
        return Reading("date", narrowed(found, periods.season(year, name)))
    known = found.at("mode") >= 0 or found.code_before("AM", "SEIT", "BIS", "AB", "VOR", "NACH")
    if not known or found.after()[:1].isupper():
        return None
    return Reading("date", narrowed(found, _season(scene, name, towards(found, scene))))


def _season(scene: Scene, name: str, tense: Direction) -> Period:
    now = scene.anchor.months
    if not now:
        return Period(f"XXXX-{name}", "season")
    year, first = now[0], periods.SEASONS[name]
    if tense == "future":
        return periods.season(year + (now[1] > first + 2), name)
    return periods.season(year - (now[1] < first), name)


def part_of_year(found: Found, scene: Scene) -> Reading | None:
    """``drittes Quartal``, ``erste Jahreshälfte 2022``."""
    number, unit = found.number("which"), found.lexeme("unit")
    if found.at("last") >= 0:
        return _last_part(found, scene)
    if not 1 <= number <= int(unit.number):
        return None
    make = periods.quarter if unit.text == "Q" else periods.half
    year = found.number("year")
    if not year and found.at("rel") >= 0 and scene.anchor.year:
        year = scene.anchor.year + found.number("rel")
    if year:
        return Reading("date", make(year, number))
    now = scene.anchor.months
    if not now:
        return Reading("date", Period(f"XXXX-{unit.text}{number}", "quarter"))
    current = (now[1] - 1) * int(unit.number) // periods.MONTHS + 1
    tense = towards(found, scene)
    shift = (number < current) if tense == "future" else -(number > current)
    return Reading("date", make(now[0] + shift, number))


def _last_part(found: Found, scene: Scene) -> Reading | None:
    """``letztes Quartal 2004`` is its fourth, ``letztes Quartal`` the one before the anchor's."""
    shift, unit, year = found.number("last"), found.lexeme("unit"), found.number("year")
    make, count = (periods.quarter if unit.text == "Q" else periods.half), int(unit.number)
    if year:
        return Reading("date", make(year, count)) if shift == -1 else None
    now = scene.anchor.months
    if not now:
        return Reading("date", Period(f"XXXX-{unit.text}X"))
    place = now[0] * count + (now[1] - 1) * count // periods.MONTHS + shift
    return Reading("date", make(place // count, place % count + 1))


def decade(found: Found, scene: Scene) -> Reading | None:
    """``90er``, ``1990er Jahre``, ``Mitte der achtziger Jahre``, ``Neunziger``."""
    lexeme = found.lexeme("decade")
    if not _is_decade(found):
        return None
    tens = 10 * int(lexeme.text or "19") + int(lexeme.number)
    if not lexeme.text and lexeme.number <= 1:
        return None if lexeme.number else Reading("date", periods.decade(200))
    return Reading("date", narrowed(found, periods.decade(tens)))


def _is_decade(found: Found) -> bool:
    """Tell ``in den 90ern`` from ``ein 90er`` and from people called ``Zwanziger``."""
    if found.end - found.start > 1:
        return True
    plural = found.tokens.word(found.end - 1).endswith(("n", "jahre", "Jahre"))
    return plural or (found.lexeme("decade").code == "DECADE" and found.code_before("DET", "UND"))


def century(found: Found, scene: Scene) -> Reading | None:
    """``18. Jahrhundert``, ``Ende des zwanzigsten Jahrhunderts``, ``3. Jahrhundert v. Chr.``"""
    number = found.number("which")
    if found.at("before") >= 0:
        return Reading("date", Period(f"BC{number - 1:02}", "century"))
    if not 1 <= number <= 30:  # noqa: PLR2004 - centuries
        return None
    return Reading("date", narrowed(found, periods.century(number)))


def christ(found: Found, scene: Scene) -> Reading | None:
    """``500 v. Chr.`` and ``79 n. Chr.``"""
    lexeme = found.lexeme("number")
    number = int(lexeme.text) if lexeme.text.isdigit() else 0
    if not 1 <= number <= 9999:  # noqa: PLR2004 - years
        return None
    early = found.at("before") >= 0
    return Reading("date", periods.before_christ(number) if early else periods.year(number))


def calendar_week(found: Found, scene: Scene) -> Reading | None:
    """``KW 25`` and ``25. Kalenderwoche 2024``."""
    number, year = found.number("which"), found.number("year") or scene.anchor.year
    if not 1 <= number <= _WEEKS:
        return None
    if not year:
        return Reading("date", Period(f"XXXX-W{number:02}", "week"))
    try:
        return Reading("date", periods.week(date.fromisocalendar(year, number, 1)))
    except ValueError:
        return None


#: What follows a day without a month: other days, then the month.
_LIST = code_pattern(
    "(?:(?:COMMA|UND|BIS|DASH|SLASH|AN) (?:AM|DET)? (?:WDAY|WDABB)? COMMA? (?:DET)? SMALL DOT)",
    "{0,12}",
    "(?:MONTH|MONABB|(?:COMMA|UND|BIS|DASH|SLASH|AN) (?:AM|DET)? (?:WDAY COMMA?)? DM|DMY)",
)

RULES: list[Rule] = [
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
            REL|THIS|DEICTADJ wday:WDAY|WDAYPART ( COMMA? DET? )? day:SMALL DOT month:MONTH year:YEAR?
            wday:WDAY|WDAYPART LPAR day:SMALL DOT month:MONTH year:YEAR? RPAR
            wday:WDABB DOT? COMMA? day:SMALL DOT month:MONTH year:YEAR?
        """),
    ),
    *rules(
        digits,
        lines("""
            digits:DMY
            wday:WDAY|WDAYPART COMMA? DET? digits:DMY
            wday:WDAY|WDAYPART LPAR digits:DMY RPAR
            wday:WDABB DOT? COMMA? digits:DMY
            wday:WDABB DOT? COMMA? digits:DM DOT year:YEAR?
            wday:WDAY|WDAYPART COMMA? DET? digits:DM DOT year:YEAR?
            wday:WDAY|WDAYPART LPAR digits:DM DOT year:YEAR? RPAR
            <AM|BIS|VON|DET|SEIT|AB|LPAR|UND|DASH|COMMA|PARA|ZWISCHEN digits:DM DOT year:YEAR?
            <AM digits:DM
        """),
    ),
    *rules(iso, ["iso:ISO"]),
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
        season,
        lines("""
            season:SEASON year:YEAR?
            season:SEASON DET UNIT year:YEAR
            mode:MODE DET? season:SEASON year:YEAR?
        """),
    ),
    *rules(
        part_of_year,
        lines("""
            which:ORDW unit:QUARTER|HALF year:YEAR?
            which:SMALL DOT unit:QUARTER|HALF year:YEAR?
            which:ORDW unit:QUARTER|HALF DET UNIT year:YEAR
            which:SMALL DOT unit:QUARTER|HALF DET UNIT year:YEAR
            last:REL unit:QUARTER|HALF year:YEAR?
            which:ORDW unit:QUARTER|HALF DET? rel:REL|THIS UNIT
            which:SMALL DOT unit:QUARTER|HALF DET? rel:REL|THIS UNIT
        """),
    ),
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
    *rules(
        calendar_week,
        ["KW which:SMALL", "KW which:SMALL year:YEAR", "which:SMALL DOT KW year:YEAR?"],
    ),
]
