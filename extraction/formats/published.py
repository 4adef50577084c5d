"""Dates of publication: keep the precision that the source has, and only what is true."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from articles.article import Published

_DATE = re.compile(
    r"([0-9]{4})(?![0-9A-Za-z])(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?(.*)\Z",
    re.DOTALL,
)
_CLOCK = re.compile(
    r"[Tt ]([0-9]{2}:[0-9]{2})(:[0-9]{2})?(?:[.,][0-9]+)?([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?)?\Z"
)


def read_published(written: str) -> tuple[Published | None, tuple[str, ...]]:
    """Read ``2024``, ``2024-06``, ``2024-06-19`` or an ISO 8601 time; the second part warns.

    What does not exist is cut away: 2024-02-31 is the month 2024-02, 2024-13 the year 2024.
    Times come back in UTC; a time without a zone is taken as UTC. ``None``: no date at all.
    """
    match = _DATE.match(written)
    if not match or int(match[1]) == 0:
        return None, (f"The date {written[:40]!r} could not be read.",)
    day = _existing_day(*match.group(1, 2, 3))
    if day.precision == "day" and match[4]:
        moment, warnings = _moment(day, match[4])
        if moment:
            return moment, warnings
    whole = day.value.count("-") == sum(part is not None for part in match.group(2, 3))
    if whole and not match[4]:
        return day, ()
    return day, (f"The date {written[:40]!r} does not exist; {day.value} of it was kept.",)


def _existing_day(year: str, month: str | None, day: str | None) -> Published:
    if month is None or not 1 <= int(month) <= 12:  # noqa: PLR2004 - months
        return Published(year, "year")
    try:
        return Published(date(int(year), int(month), int(day or 0)).isoformat(), "day")
    except ValueError:
        return Published(f"{year}-{int(month):02}", "month")


def _moment(day: Published, clock: str) -> tuple[Published | None, tuple[str, ...]]:
    match = _CLOCK.match(clock)
    if not match:
        return None, ()
    zone = (match[3] or "Z").upper()
    try:
        local = datetime.fromisoformat(f"{day.value}T{match[1]}{match[2] or ':00'}{zone}")
        moment = local.astimezone(UTC)
    except (ValueError, OverflowError):
        return None, ()
    value = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    warnings = () if match[3] else ("The time names no zone; it was read as UTC.",)
    return Published(value.rjust(20, "0"), "second"), warnings
