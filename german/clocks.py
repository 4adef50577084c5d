"""The time of day behind a date: ``T14:30:00+02:00``, ``, 14.30 Uhr``, ``14:30:00 +0200``."""

from __future__ import annotations

import re
from dataclasses import dataclass

#: Names of zones and their offsets in hours; those of North America are RFC 5322's (4.3).
_ZONES = {
    **dict.fromkeys(("MEZ", "CET", "BST"), 1),
    **dict.fromkeys(("MESZ", "CEST", "EET"), 2),
    **dict.fromkeys(("EEST", "MSK"), 3),
    **dict.fromkeys(("EST", "CDT"), -5),
    **dict.fromkeys(("CST", "MDT"), -6),
    **dict.fromkeys(("MST", "PDT"), -7),
    "EDT": -4,
    "PST": -8,
}
#: In UTC, and nothing is said of the place: RFC 9557, section 2, and RFC 5322, section 3.3.
_UTC = {"Z", "UTC", "GMT", "UT", "-00:00"}
_NOON = 12

_NAMES = "|".join(sorted((*_ZONES, *_UTC - {"-00:00"}), key=len, reverse=True))
_OFFSET = r"[+-][0-9]{2}(?::?[0-9]{2})?"
_ZONE = rf"(?: ?(?P<zone>(?:UTC|GMT)[+-][0-9]{{1,2}}(?::?[0-9]{{2}})?|{_OFFSET}|(?:{_NAMES})"
# Small in RFC 3339, section 5.6; behind a blank it is a word (`14:30 z. B.`).
_ZONE += "|(?<=[0-9])z))?"
# Behind all of it a comment, as in mails, or the name of a zone, as in RFC 9557.
_END = rf"{_ZONE}(?: ?\([A-Za-z ]{{1,40}}\)|\[[\w/+-]{{1,40}}\])?(?![\w:])"
_UHR = "(?:[Uu]hr|UHR)"
_FRACTION = r"(?:[.,][0-9]{1,9})?"
_BEFORE = r"(?:[Tt]|,? (?:[-–|] |um |at |gegen )?)"
_HALF = r"(?P<half> ?[AaPp]\.?[Mm]\.?)"
_SECOND = rf"(?::(?P<s>[0-9]{{2}}){_FRACTION})?"
_SHAPES = tuple(
    re.compile(_BEFORE + pattern + _END)
    for pattern in (
        # 14:30, 14:30:05.123, 14:30 Uhr, 02:30 PM
        rf"(?P<h>[0-9]{{2}}):(?P<m>[0-9]{{2}}){_SECOND}{_HALF}?(?: ?{_UHR}| ?h)?",
        # 9:30 Uhr, 2:30 PM; 3:30 alone may be a score
        rf"(?P<h>[0-9]):(?P<m>[0-9]{{2}}){_SECOND}(?:{_HALF}| ?{_UHR}| ?h)",
        # 14.30 Uhr, 14 Uhr
        rf"(?P<h>[0-9]{{1,2}})(?:\.(?P<m>[0-9]{{2}}))? ?{_UHR}",
        # T1430, T143005Z
        rf"(?<=[Tt])(?P<h>[0-9]{{2}})(?P<m>[0-9]{{2}})(?:(?P<s>[0-9]{{2}}){_FRACTION})?",
    )
)


@dataclass(frozen=True, slots=True)
class Clock:
    """``value`` is ``14:30:00``, with ``+02:00`` or ``Z`` where a zone is written."""

    value: str
    end: int


def read_clock(text: str) -> Clock | None:
    """Read the time of day with which ``text`` begins; its hour may be one that does not exist."""
    for shape in _SHAPES:
        if match := shape.match(text):
            parts = match.groupdict()
            hour = _hour(int(parts["h"]), parts.get("half"))
            clock = f"{hour:02}:{parts['m'] or '00'}:{parts.get('s') or '00'}"
            return Clock(clock + _offset(parts["zone"]), match.end())
    return None


def _hour(hour: int, half: str | None) -> int:
    if not half or not 1 <= hour <= _NOON:
        return hour
    return hour % _NOON + (_NOON if "p" in half.lower() else 0)


def _offset(zone: str | None) -> str:
    if zone is None:
        return ""
    if zone in _ZONES:
        hours = _ZONES[zone]
        return f"{'-' if hours < 0 else '+'}{abs(hours):02}:00"
    number = re.sub("[A-Zz:]", "", zone)
    if not number:
        return "Z"
    sign, digits = number[0], number[1:]
    digits = digits.zfill(2) if len(digits) <= 2 else digits.zfill(4)  # noqa: PLR2004 - hours
    offset = f"{sign}{digits[:2]}:{digits[2:] or '00'}"
    return "Z" if offset in _UTC else offset
