"""Stretches of the calendar: a TIMEX3 value and its first and last day."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta

from extraction.temporal.mention import TimePrecision

MONTHS = 12
#: Meteorological seasons by their first month; a winter is named after the year it begins in.
SEASONS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
_WEEKEND = (5, 6)


@dataclass(frozen=True, slots=True)
class Period:
    """``first`` and ``last`` are both set or both ``None`` (not known, or not in 1 to 9999)."""

    value: str
    precision: TimePrecision = ""
    first: date | None = None
    last: date | None = None


def day(which: date) -> Period:
    return Period(which.isoformat(), "day", which, which)


def shifted(which: date, days: int) -> date | None:
    """Return the day so many days later, ``None`` outside the years 1 to 9999."""
    try:
        return which + timedelta(days=days)
    except OverflowError:
        return None


def week(which: date) -> Period:
    """Return the ISO week of a day."""
    year, number, weekday = which.isocalendar()
    value = f"{year:04}-W{number:02}"
    return _between(value, "week", shifted(which, 1 - weekday), shifted(which, 7 - weekday))


def weekend(which: date) -> Period:
    """Return Saturday and Sunday of the ISO week of a day."""
    whole = week(which)
    if not whole.first:
        return Period(whole.value + "-WE", "weekend")
    saturday, sunday = (shifted(whole.first, days) for days in _WEEKEND)
    return _between(whole.value + "-WE", "weekend", saturday, sunday)


def month(year: int, number: int) -> Period:
    return months(f"{year:04}-{number:02}", "month", year, number, 1)


def quarter(year: int, number: int) -> Period:
    return months(f"{year:04}-Q{number}", "quarter", year, 3 * number - 2, 3)


def half(year: int, number: int) -> Period:
    return months(f"{year:04}-H{number}", "half", year, 6 * number - 5, 6)


def season(year: int, name: str) -> Period:
    return months(f"{year:04}-{name}", "season", year, SEASONS[name], 3)


def year(number: int) -> Period:
    return months(f"{number:04}", "year", number, 1, MONTHS)


def decade(tens: int) -> Period:
    """``decade(199)`` are 1990 to 1999."""
    return months(f"{tens:03}", "decade", 10 * tens, 1, 10 * MONTHS)


def century(number: int) -> Period:
    """``century(18)`` are 1701 to 1800; its value is ``17``."""
    return months(f"{number - 1:02}", "century", 100 * number - 99, 1, 100 * MONTHS)


def before_christ(number: int) -> Period:
    return Period(f"BC{number:04}", "year")


def months(value: str, precision: TimePrecision, year: int, start: int, count: int) -> Period:
    """Return ``count`` months from the month ``start`` (1 to 12) of a year."""
    end = start + count - 2
    try:
        first = date(year, start, 1)
        end_year, end_month = year + end // MONTHS, end % MONTHS + 1
        last = date(end_year, end_month, monthrange(end_year, end_month)[1])
    except (ValueError, OverflowError):
        return Period(value, precision)
    return Period(value, precision, first, last)


def add_months(year: int, number: int, count: int) -> tuple[int, int]:
    """Return the year and month ``count`` months after a month."""
    months_since = year * MONTHS + number - 1 + count
    return months_since // MONTHS, months_since % MONTHS + 1


def third(period: Period, mode: str) -> Period:
    """Narrow to the first (START), middle (MID) or last (END) third, in whole units.

    A day has none: ``am Ende des Tages`` is that day.
    """
    if not (period.first and period.last) or mode not in ("START", "MID", "END"):
        return period
    if period.first == period.last:
        return period
    cuts = _cuts(period)
    place = ("START", "MID", "END").index(mode)
    last = period.last if mode == "END" else shifted(cuts[place + 1], -1)
    return replace(period, first=cuts[place], last=last)


def _cuts(period: Period) -> list[date]:
    """Return the first days of the three thirds."""
    first, last = period.first or date.min, period.last or date.min
    if period.precision == "month":
        return [first, first.replace(day=11), first.replace(day=21)]
    count = (last.year - first.year) * MONTHS + last.month - first.month + 1
    if period.precision == "decade":
        return [first, date(first.year + 4, 1, 1), date(first.year + 7, 1, 1)]
    if count <= 2:  # noqa: PLR2004 - weeks and weekends lie in one or two months
        length = (last - first).days + 1
        return [first + timedelta(days=-(-length * place // 3)) for place in range(3)]
    starts = [add_months(first.year, first.month, count * place // 3) for place in range(3)]
    return [date(*start, 1) for start in starts]


def interval(first: Period, last: Period) -> Period:
    """Return from the beginning of one to the end of the other; both need a range."""
    value = f"{first.value}/{last.value}"
    return _between(value, last.precision, first.first, last.last)


def _between(value: str, precision: TimePrecision, first: date | None, last: date | None) -> Period:
    if not (first and last):
        return Period(value, precision)
    return Period(value, precision, first, last)
