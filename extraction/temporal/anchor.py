"""The day, month or year that a text counts its ``gestern`` and ``nächstes Jahr`` from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from articles.article import Published

#: What is dated in UTC alone is read by the clock in Berlin, Vienna and Zürich.
_ZONE = "Europe/Berlin"


@dataclass(frozen=True, slots=True)
class Anchor:
    """What is known of the date of publication: a year, a year and month, or all three."""

    year: int | None = None
    month: int | None = None
    day: date | None = None

    @property
    def months(self) -> tuple[int, int] | None:
        """Year and month, if both are known."""
        return (self.year, self.month) if self.year and self.month else None


def anchor_of(published: Published | None) -> Anchor:
    """Read a date of publication; the day of a time is that of its offset.

    Nonsense is no anchor.
    """
    try:
        return _read(published) if published else Anchor()
    except (ValueError, OverflowError):
        return Anchor()


def of_day(day: date) -> Anchor:
    return Anchor(day.year, day.month, day)


def _read(published: Published) -> Anchor:
    value = published.value
    if published.precision == "second":
        moment = datetime.fromisoformat(value)
        return of_day((moment.astimezone(_zone()) if value.endswith("Z") else moment).date())
    if published.precision == "day":
        return of_day(date.fromisoformat(value))
    first = date.fromisoformat(
        f"{value}-01" if published.precision == "month" else f"{value}-01-01"
    )
    return Anchor(first.year, first.month if published.precision == "month" else None)


@lru_cache(maxsize=1)
def _zone() -> ZoneInfo:
    return ZoneInfo(_ZONE)
