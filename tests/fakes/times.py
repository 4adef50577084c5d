"""Dates as Elasticsearch reads them in documents and queries."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

_MATH = re.compile(r"(now|.+\|\|)([+-]\d+[a-z])?")
_AMOUNT = re.compile(r"([+-]\d+)([a-z])")
_YEAR = re.compile(r"\d{4}(-\d{2})?")


def instant(value: str, *, late: bool = False) -> float:
    """Return milliseconds since 1970; ``late``: what has no time of day is taken at its end."""
    if math := _MATH.fullmatch(value):
        start = datetime.now(UTC) if math[1] == "now" else _read(math[1][:-2], late=late)
        return _moved(start, math[2] or "").timestamp() * 1000
    return _read(value, late=late).timestamp() * 1000


def _read(value: str, *, late: bool) -> datetime:
    if _YEAR.fullmatch(value):
        value += "-01" * (2 - value.count("-"))
    moment = datetime.fromisoformat(value)
    if late and "T" not in value:
        moment = moment.replace(hour=23, minute=59, second=59, microsecond=999000)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _moved(moment: datetime, amount: str) -> datetime:
    if not amount:
        return moment
    parts = _AMOUNT.fullmatch(amount)
    assert parts, amount
    number, unit = int(parts[1]), parts[2]
    if unit == "y":
        return moment.replace(year=moment.year + number)
    return moment + timedelta(seconds=number * {"s": 1, "m": 60, "h": 3600, "d": 86400}[unit])
