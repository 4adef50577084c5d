"""Dates that know how precise they are, as half-open spans of time; the order of articles."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

#: The latest day first, by the calendar of where each article was written; of a day the latest
#: moment. What has no date, or one that nobody believes, comes last.
NEWEST_FIRST: tuple[dict[str, Any], ...] = (
    {"published_day": {"order": "desc", "missing": "_last"}},
    {"published": {"order": "desc", "missing": "_last"}},
)
#: What is counted by calendar: an Elasticsearch gives no more than 65,536 counts in all, and one
#: document of another client may hold a day of each month there ever was.
EARLIEST, LATEST = "1500-01-01", "2499-12-31"
_DAY = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


#: What articles are counted by, and how the date of one is written.
INTERVALS = {"day": "yyyy-MM-dd", "month": "yyyy-MM", "year": "yyyy"}


def by_calendar(interval: str, **more: Any) -> dict[str, Any]:
    """Return the ``date_histogram`` of articles by ``day``, ``month`` or ``year``."""
    shape = INTERVALS[interval]
    return {
        "field": "published_day",
        "calendar_interval": interval,
        "format": shape,
        "hard_bounds": {"min": EARLIEST[: len(shape)], "max": LATEST[: len(shape)]},
        **more,
    }


def span(value: str) -> dict[str, str]:
    """Return the range that a date cut to its precision covers, as Elasticsearch wants it.

    ``2024-06`` gives ``{"gte": "2024-06-01", "lt": "2024-07-01"}``; year and day likewise. A
    value with a time of day is the instant itself. Raises :class:`ValueError` for a date that
    does not exist.
    """
    if not _DAY.fullmatch(value):
        datetime.fromisoformat(value)
        return {"gte": value, "lte": value}
    parts = [int(part) for part in value.split("-")]
    year, month, day, *_ = [*parts, 1, 1]
    start = date(year, month, day)
    try:
        return {"gte": start.isoformat(), "lt": _next(start, len(parts)).isoformat()}
    except (OverflowError, ValueError):  # the last day, month or year that a date can hold
        return {"gte": start.isoformat(), "lte": "9999-12-31T23:59:59.999Z"}


def moment_of(text: str) -> datetime | None:
    """Return the moment that a field of type ``date`` holds, in UTC; None where it tells none.

    Others may write all that Elasticsearch takes: what has no zone is in UTC there, and ``2024`` is
    no moment here.
    """
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def moment_at(milliseconds: int) -> datetime | None:
    """Return the moment so long after 1970 began; None for one that nobody can write here."""
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None


def _next(start: date, parts: int) -> date:
    if parts == 1:
        return start.replace(year=start.year + 1)
    if parts == 2:  # noqa: PLR2004
        return (start + timedelta(days=31)).replace(day=1)
    return start + timedelta(days=1)
