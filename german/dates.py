"""Dates as people and programs write them: ``19.06.2024``, ``Mi, 19. Juni 2024, 14:30 Uhr``, ISO.

The one reader of written dates: for articles, for what programs send and for the filters of a
search. Pure; it keeps the precision that is written, and never guesses between day and month.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache
from typing import Literal

from articles.article import Published
from german.clocks import read_clock
from german.wordlist import word_list

#: Why no date came of what is written.
Fault = Literal["", "unreadable", "ambiguous"]

HOW = "write 2024-06-19 or 19.06.2024"

#: No date is longer; a line of a text may have millions of characters.
_LONGEST = 120
_MONTHS = (
    "januar jänner jan jän january",
    "februar feber feb febr february",
    "märz maerz mär mar mrz march",
    "april apr",
    "mai may",
    "juni juno jun june",
    "juli julei jul july",
    "august aug",
    "september sep sept",
    "oktober okt oct october",
    "november nov",
    "dezember dez dec december",
)
_WEEKDAYS = word_list(
    """
    montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so
    monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri
    sat sun
    """
)
#: Two digits of a year up to this one are of this century.
_PIVOT = 49
_CENTURIES = 2000, 1900
_LAST_DAY = 31


@dataclass(frozen=True, slots=True)
class WrittenDate:
    """What a date says: ``published`` at its precision, ``None`` with a ``fault``.

    A time of day has the offset that is written, ``Z`` where it is said in UTC, and none where
    none is written. ``end`` is where the date ends in the text; ``part`` tells that something of
    it does not exist or was not understood and was left out: ``2024-02-31`` is ``2024-02``.
    ``why`` is a sentence for a person where there is a fault.
    """

    published: Published | None
    end: int
    part: bool = False
    fault: Fault = ""
    why: str = ""


def read_date(written: str) -> WrittenDate:
    """Read a text that is a date and nothing else.

    What stands behind a whole date is left out (``part``). Never raises.
    """
    text = " ".join(written[: 10 * _LONGEST].split())
    read = date_at_start(text)
    if read is None:
        return WrittenDate(None, 0, fault="unreadable", why=_unreadable(written))
    return read if read.part or read.end >= len(text) else replace(read, part=True)


def exact_date(written: str) -> str:
    """Return a year, month or day as ISO 8601 has it (``2024-06``), for one that is all date.

    Raises :class:`ValueError` with a sentence for a person.
    """
    read = read_date(written)
    if read.fault == "ambiguous":
        raise ValueError(read.why)
    if not read.published or read.part or read.published.precision == "second":
        raise ValueError(f"{written!r} is no date: write 2024, 2024-06, 2024-06-19 or 19.6.2024.")
    return read.published.value


def date_at_start(text: str) -> WrittenDate | None:
    """Read the date with which ``text`` begins, as far as it goes; ``None`` without one.

    Blanks stand alone in ``text``. A number behind a date belongs to it only where it is certainly
    a time of day or a year. Never raises.
    """
    head = text[:_LONGEST]
    start = _weekday().match(head)
    at = start.end() if start else 0
    for shape in _shapes():
        if match := shape.match(head, at):
            return _of_shape(head, match)
    return None


def _of_shape(head: str, match: re.Match[str]) -> WrittenDate:
    parts = match.groupdict()
    days = list(dict.fromkeys(_orders(parts))) if parts.get("a") else []
    # `24-06-31`: a last number that may be a day does not tell where the year stands.
    if len(days) > 1 or int(parts.get("c") or 99) <= _LAST_DAY:
        return WrittenDate(None, match.end(), fault="ambiguous", why=_ambiguous(match[0], days))
    if days:
        return _with_clock(head, match, Published(days[0], "day"))
    year, month, day = _year(parts), _month(parts), parts.get("d") or parts.get("a")
    if not year:
        return WrittenDate(None, match.end(), fault="unreadable", why=_unreadable(match[0]))
    existing = _existing(year, month, day)
    if existing.precision != "day":
        return WrittenDate(existing, match.end(), existing.precision != _meant(month, day))
    return _with_clock(head, match, existing)


def _with_clock(head: str, match: re.Match[str], day: Published) -> WrittenDate:
    parts = match.groupdict()
    inside = parts.get("clock")
    clock = read_clock(
        f" {inside} {parts['zone'] or ''}".rstrip() if inside else head[match.end() :]
    )
    if clock is None:
        return WrittenDate(day, match.end(), part=bool(inside))
    end = match.end() if inside else match.end() + clock.end
    value = f"{day.value}T{clock.value}"
    try:
        datetime.fromisoformat(value)
    except ValueError:  # 25 o'clock
        return WrittenDate(day, end, part=True)
    return WrittenDate(Published(value, "second"), end)


def _year(parts: dict[str, str | None]) -> int:
    """The year of a match; of one with two digits that of 1950 to 2049; 0 where it is none."""
    if parts.get("y"):
        return int(parts["y"] or 0)
    return _whole_year(parts.get("yy")) if parts.get("yy") else 0


def _whole_year(short: str | None) -> int:
    year = int(short or 0)
    return year + _CENTURIES[year > _PIVOT]


def _month(parts: dict[str, str | None]) -> str | None:
    name = parts.get("mon")
    return str(_months()[name.lower()]) if name else parts.get("m") or parts.get("b")


def _meant(month: str | None, day: str | None) -> str:
    return "day" if day else "month" if month else "year"


def _orders(parts: dict[str, str | None]) -> Iterator[str]:
    """The days that three numbers may mean: day, month, year; month, day, year; year first."""
    first, second, third = (int(parts.get(name) or 0) for name in ("a", "b", "c"))
    year = _year(parts) or _whole_year(parts.get("c"))
    orders = [(year, second, first), (year, first, second)]
    if parts.get("c"):
        orders.append((_whole_year(parts["a"]), second, third))
    for order in orders:
        try:
            yield date(*order).isoformat()
        except ValueError:
            continue


def _existing(year: int, month: str | None, day: str | None) -> Published:
    """As much of a date as exists."""
    months = int(month) if month and month.isdecimal() else 0
    days = int(day) if day and day.isdecimal() else 0
    if not 1 <= months <= 12:  # noqa: PLR2004 - months
        return Published(f"{year:04}", "year")
    try:
        return Published(date(year, months, days).isoformat(), "day")
    except ValueError:
        return Published(f"{year:04}-{months:02}", "month")


def _unreadable(written: str) -> str:
    return f"The date {written[:40]!r} could not be read: {HOW}."


def _ambiguous(written: str, days: list[str]) -> str:
    if len(days) < 2:  # noqa: PLR2004 - one is no choice, and none too few
        return f"The date {written!r} does not tell day, month and year apart: {HOW}."
    return f"The date {written!r} can be {' or '.join(days)}: write it in one of these ways."


@cache
def _months() -> dict[str, int]:
    return {name: n for n, names in enumerate(_MONTHS, 1) for name in names.split()}


@cache
def _weekday() -> re.Pattern[str]:
    names = "|".join(sorted(_WEEKDAYS, key=len, reverse=True))
    return re.compile(rf"(?:am )?(?:{names})(?:\.,|[.,])? ?(?:de[nmr] )?(?=[^\W_])", re.IGNORECASE)


@cache
def _shapes() -> tuple[re.Pattern[str], ...]:
    """What dates look like, the surest first; blanks stand alone."""
    year = r"(?P<y>[0-9]{4})(?![0-9A-Za-z])"
    # `19. Juni 24 Tote`: two digits behind a blank are a year only where nothing else can be.
    short = r"(?P<yy>[0-9]{2})(?=,|\Z| [0-9]{2}:[0-9]{2})"
    named = rf"(?P<mon>{'|'.join(sorted(_months(), key=len, reverse=True))})(?![^\W\d_])"
    day = r"(?P<d>[0-9]{1,2})"
    clock = r"(?P<clock>[0-9]{2}:[0-9]{2}:[0-9]{2})"
    zone = r"(?P<zone>[A-Z]{1,5}|[+-][0-9]{4})"
    unknown = r"[0-9]{1,2}|[xX?]{1,2}"
    patterns = (
        # 2024-06-19, 2024-06-xx, 2024/06/19, 2024.06.19
        rf"(?P<y>[0-9]{{4}})(?P<s>[-/.])(?P<m>{unknown})(?:(?P=s)(?P<d>{unknown}))?(?![0-9])",
        # 20240619, and not 19062024, whose year would be 1906
        r"(?P<y>[0-9]{4})(?P<m>0[0-9]|1[0-2])(?P<d>[0-2][0-9]|3[01])(?![0-9])",
        # 19.06.2024, 19. 6. 2024, 19.6.24
        rf"{day}\. ?(?P<m>[0-9]{{1,2}})\. ?{year}",
        rf"{day}\. ?(?P<m>[0-9]{{1,2}})\.(?P<yy>[0-9]{{2}})(?![0-9])",
        # 19/06/2024, 06-19-2024: which is the day?
        rf"(?P<a>[0-9]{{1,2}})(?P<s>[-/])(?P<b>[0-9]{{1,2}})(?P=s){year}",
        r"(?P<a>[0-9]{1,2})(?P<s>[-/])(?P<b>[0-9]{1,2})(?P=s)(?P<c>[0-9]{2})(?![0-9A-Za-z])",
        # 06/2024, 6.2024
        rf"(?P<m>[0-9]{{1,2}})[-/.] ?{year}",
        # 19. Juni 2024, 19-Jun-2024, 19th of June 2024
        rf"{day}(?:\. ?|(?:st|nd|rd|th)? ?|-)(?:of )?{named}(?:\.?[ ,-] ?|\.)(?:{year}|{short})",
        # June 19, 2024
        rf"{named}\.? {day}(?:\.|st|nd|rd|th)?,? {year}",
        # Jun 19 14:30:00 CEST 2024
        rf"{named}\.? {day} {clock} (?:{zone} )?{year}",
        # Juni 2024, June, 2024
        rf"{named}\.?,? {year}",
        year,
    )
    return tuple(re.compile(pattern, re.IGNORECASE) for pattern in patterns)
