"""What is found: an expression of time and what it means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["date", "time", "duration", "set"]
TimePrecision = Literal[
    "",
    "day",
    "weekend",
    "week",
    "month",
    "quarter",
    "half",
    "season",
    "year",
    "decade",
    "century",
]


@dataclass(frozen=True, slots=True)
class TimeMention:
    """``text[start:end] == surface``, an expression of time; offsets count characters.

    ``kind``: ``date`` (a day or longer), ``time`` (within a day), ``duration`` (``drei Tage
    lang``) or ``set`` (``jeden Montag``).

    ``value`` is as in TIMEX3: ``2024-06-19``, ``2024-W25``, ``2024-W25-WE``, ``2024-06``,
    ``2024-Q3``, ``2024-H1``, ``2024-SU``, ``2024``, ``199`` (the nineties), ``17`` (the 18th
    century), ``BC0500``, ``2024-06-19TEV``, ``2024-06-19T15:00``, ``P3D``, ``PXY`` (years),
    ``PRESENT_REF``, ``PAST_REF``, ``FUTURE_REF``. What is not known is ``X``:
    ``XXXX-WXX-3`` is some Wednesday. From one to another is an ISO 8601 interval,
    ``2024-05-03/2024-05-05``.

    ``first`` and ``last`` are the ISO dates of the first and last day that it names, both empty
    where the text and its anchor do not tell; durations and sets have none. They narrow the
    value where the text does: ``Ende Mai`` is ``2024-05`` from the 21st to the 31st. A
    beginning or an end is not taken further: ``seit 2019`` and ``bis 2019`` are both the year
    2019. Years before 1 and after 9999 have no range.

    ``precision`` is the unit that the text uses, not the length of the range; it is empty for
    durations, sets and ``PRESENT_REF``. ``parts`` are the two ends of an interval, if both
    stand in the text.
    """

    start: int
    end: int
    surface: str
    kind: Kind
    value: str
    first: str = ""
    last: str = ""
    precision: TimePrecision = ""
    parts: tuple[TimeMention, ...] = ()


def range_of(mention: TimeMention) -> tuple[str, str] | None:
    """Return the first and last day of a mention as ISO dates, or ``None`` if not known."""
    return (mention.first, mention.last) if mention.first else None
