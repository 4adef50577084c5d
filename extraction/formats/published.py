"""Dates of publication: keep the precision that the source has, and only what is true.

A day belongs to the zone it was written in. A time of day keeps the offset that its source gives
it; where none is given, or only the time in UTC (``Z`` says nothing of the place, RFC 9557,
section 2), the local time of the setting's zone is kept, with its offset. Either way the first ten
characters are the local day, and the whole is one instant.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Literal
from zoneinfo import ZoneInfo

from articles.article import Published
from german.dates import WrittenDate, read_date

#: What is wrong with the date of an article, empty where nothing is: ``missing`` where none is
#: given, ``future`` and ``past`` where it is kept but not believed.
DateProblem = Literal["", "missing", "unreadable", "ambiguous", "future", "past"]

DEFAULT_ZONE = "Europe/Berlin"
#: Days that a date may lie after the day on which its file came. Beyond the first an article is
#: dated ahead, which is said; beyond the second (a magazine of the next month) nobody believes it.
_TOMORROW, _NEXT_ISSUE = 1, 31
#: The year of the first newspaper. Programs write 0001-01-01 where they know no date.
_FIRST_NEWSPAPER = 1605
_LAST = "it is shown, but the article comes after all others"


@dataclass(frozen=True, slots=True)
class PublicationDate:
    """``published`` as it is written (see :mod:`german.dates`), what is wrong, and sentences."""

    published: Published | None
    problem: DateProblem = ""
    warnings: tuple[str, ...] = ()


def read_published(written: str) -> PublicationDate:
    """Read a date in any of the ways in which people and programs write one.

    What does not exist is cut away: 2024-02-31 is the month 2024-02, 2024-13 the year 2024.
    """
    return as_publication(written, read_date(written))


def as_publication(written: str, read: WrittenDate) -> PublicationDate:
    """Return what was read of a date, with the warnings that a person gets."""
    if read.published is None:
        return PublicationDate(None, read.fault or "unreadable", (read.why,))
    if not read.part:
        return PublicationDate(read.published)
    kept = read.published.value
    warning = f"The date {written[:40]!r} does not exist, or not all of it was understood; "
    return PublicationDate(read.published, "", (f"{warning}{kept} of it was kept.",))


def key_date(published: Published | None) -> str:
    """Return the form of a date that is part of an article's key.

    It depends on no setting: an instant in UTC, a time without a zone as if it were in UTC.
    """
    if published is None or published.precision != "second":
        return published.value if published else ""
    moment = datetime.fromisoformat(published.value)
    try:
        moment = moment.astimezone(UTC) if moment.tzinfo else moment
    except OverflowError:
        return published.value
    return f"{moment.replace(tzinfo=None).isoformat()}Z"


def localised(published: Published, zone: str = DEFAULT_ZONE) -> Published:
    """Return a time of day with the offset of its place; what has no time of day stays.

    ``zone`` is the name of a time zone (IANA); it counts where the offset is not written.
    """
    if published.precision != "second":
        return published
    moment = datetime.fromisoformat(published.value)
    if moment.tzinfo and not published.value.endswith("Z"):
        return published
    place = ZoneInfo(zone)
    try:
        if moment.tzinfo:
            local = moment.astimezone(_whole_minutes(moment.astimezone(place)))
        else:
            local = moment.replace(tzinfo=_whole_minutes(moment.replace(tzinfo=place)))
    except OverflowError:  # the first and the last day that a date can have
        return published
    return Published(local.isoformat(), "second")


def judged(published: Published, received: date) -> tuple[Published, DateProblem, tuple[str, ...]]:
    """Return a date with what is odd about it for a file that came on the day ``received``.

    One far in the future, or before there were newspapers, is kept but ``doubted``: it counts in
    no month, and comes last.
    """
    if _first_day(published).year < _FIRST_NEWSPAPER:
        said = f"The date {published.value} lies before there were newspapers; {_LAST}."
        return replace(published, doubted=True), "past", (said,)
    ahead = (_first_day(published) - received).days
    if ahead <= _TOMORROW:
        return published, "", ()
    said = f"The date {published.value} lies {ahead:,} days after the day on which the file came"
    if ahead <= _NEXT_ISSUE:
        return published, "", (f"{said}.",)
    said = f"{said}; {_LAST}."
    return replace(published, doubted=True), "future", (said,)


def _whole_minutes(local: datetime) -> timezone:
    """Before there were zones, offsets had seconds (Berlin until 1893), which ISO 8601 has not."""
    minute = timedelta(minutes=1)
    return timezone((local.utcoffset() or timedelta()) // minute * minute)


def _first_day(published: Published) -> date:
    year, month, day, *_ = *published.value[:10].split("-"), "1", "1"
    return date(int(year), int(month), int(day))
