"""Feasts of the German calendar: on which days of a year they fall."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

from extraction.temporal.period import Period

#: Days after Easter Sunday: first, last, and the one that gives the value.
_BY_EASTER: Mapping[str, tuple[int, int, int]] = {
    "Ostern": (0, 1, 0),
    "Ostersonntag": (0, 0, 0),
    "Ostermontag": (1, 1, 1),
    "Osterwochenende": (-2, 1, 0),
    "Ostersamstag": (-1, -1, -1),
    "Karsamstag": (-1, -1, -1),
    "Karfreitag": (-2, -2, -2),
    "Gründonnerstag": (-3, -3, -3),
    "Palmsonntag": (-7, -7, -7),
    "Karwoche": (-6, -1, -6),
    "Aschermittwoch": (-46, -46, -46),
    "Faschingsdienstag": (-47, -47, -47),
    "Rosenmontag": (-48, -48, -48),
    "Weiberfastnacht": (-52, -52, -52),
    "Altweiberfastnacht": (-52, -52, -52),
    "Himmelfahrt": (39, 39, 39),
    "Himmelfahrtstag": (39, 39, 39),
    "Vatertag": (39, 39, 39),
    "Pfingsten": (49, 50, 49),
    "Pfingstsonntag": (49, 49, 49),
    "Pfingstmontag": (50, 50, 50),
    "Pfingstwochenende": (48, 50, 49),
    "Fronleichnam": (60, 60, 60),
}
#: Month and day of the first and last day, and of the one that gives the value.
_FIXED: Mapping[str, tuple[tuple[int, int], tuple[int, int], tuple[int, int]]] = {
    "Weihnachten": ((12, 24), (12, 26), (12, 25)),
    "Weihnachtsfest": ((12, 24), (12, 26), (12, 25)),
    "Weihnachtsfeiertag": ((12, 25), (12, 26), (12, 25)),
    "Weihnachtsfeiertage": ((12, 25), (12, 26), (12, 25)),
    "Weihnachtstag": ((12, 25), (12, 26), (12, 25)),
    "Heiligabend": ((12, 24), (12, 24), (12, 24)),
    "Silvester": ((12, 31), (12, 31), (12, 31)),
    "Neujahr": ((1, 1), (1, 1), (1, 1)),
    "Dreikönig": ((1, 6), (1, 6), (1, 6)),
    "Dreikönigstag": ((1, 6), (1, 6), (1, 6)),
    "Tag der Deutschen Einheit": ((10, 3), (10, 3), (10, 3)),
    "Tag der Arbeit": ((5, 1), (5, 1), (5, 1)),
    "Mariä Himmelfahrt": ((8, 15), (8, 15), (8, 15)),
    "Valentinstag": ((2, 14), (2, 14), (2, 14)),
    "Frauentag": ((3, 8), (3, 8), (3, 8)),
    "Weltfrauentag": ((3, 8), (3, 8), (3, 8)),
    "Maifeiertag": ((5, 1), (5, 1), (5, 1)),
    "Nikolaustag": ((12, 6), (12, 6), (12, 6)),
    "Stephanstag": ((12, 26), (12, 26), (12, 26)),
    "Stefanstag": ((12, 26), (12, 26), (12, 26)),
    "Reformationstag": ((10, 31), (10, 31), (10, 31)),
    "Allerheiligen": ((11, 1), (11, 1), (11, 1)),
    "Allerseelen": ((11, 2), (11, 2), (11, 2)),
    "Martinstag": ((11, 11), (11, 11), (11, 11)),
    "Halloween": ((10, 31), (10, 31), (10, 31)),
    "Walpurgisnacht": ((4, 30), (5, 1), (4, 30)),
}
#: Days before the fourth Sunday in Advent.
_BY_ADVENT: Mapping[str, int] = {"Totensonntag": 28, "Bettag": 32, "Volkstrauertag": 35}


@lru_cache(maxsize=1)
def names() -> frozenset[str]:
    """Return the names of all feasts; with ``s`` in the genitive they count too."""
    plain = (*_BY_EASTER, *_FIXED, *_BY_ADVENT, "Muttertag")
    return frozenset(plain)


def feast(name: str, year: int) -> Period | None:
    """Return the days of a feast; its value is one day. ``None`` outside 1583 to 9998."""
    if not 1583 <= year <= 9998:  # noqa: PLR2004 - the Gregorian calendar
        return None
    first, last, value = _days(name, year)
    return Period(value.isoformat(), "day", first, last)


def advent(number: int, year: int) -> date:
    """Return the Sunday in Advent with a number from 1 to 4."""
    christmas = date(year, 12, 25)
    return christmas - timedelta(days=christmas.isoweekday() + 7 * (4 - number))


def easter(year: int) -> date:
    """Return Easter Sunday of the Gregorian calendar (Meeus, Jones and Butcher's algorithm)."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    rest = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * rest) // 451
    month, day = divmod(h + rest - 7 * m + 114, 31)
    return date(year, month, day + 1)


def _days(name: str, year: int) -> tuple[date, date, date]:
    if name in _BY_EASTER:
        first, last, value = (easter(year) + timedelta(days=n) for n in _BY_EASTER[name])
        return first, last, value
    if name in _FIXED:
        first, last, value = (date(year, *day) for day in _FIXED[name])
        return first, last, value
    if name in _BY_ADVENT:
        feast_day = advent(4, year) - timedelta(days=_BY_ADVENT[name])
    else:  # Mother's Day is the second Sunday in May
        feast_day = date(year, 5, 14) - timedelta(days=date(year, 5, 14).isoweekday() % 7)
    return feast_day, feast_day, feast_day
