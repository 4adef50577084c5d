"""Whether news may be published: by what it says of itself.

What is under embargo until a time that can be told is kept from readers until then. What its sender
holds back without saying until when, or has taken back, is no article: it fails, and says why.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from articles.article import Published
from articles.errors import Unreadable
from extraction.formats.clean import one_line
from extraction.formats.draft import Draft
from extraction.formats.published import DEFAULT_ZONE, localised
from german.dates import read_date
from german.wordlist import word_list

_HELD = word_list(
    "autodraft draft hold inherit onhold pending private protected trash withheld withhold"
)
#: Held until the day that an embargo names; without one, for good.
_UNTIL = word_list("embargo embargoed future")
_TAKEN_BACK = word_list(
    "cancel canceled cancelled deleted kill killed recalled retracted revoked unpublished withdrawn"
)
_WAIT = "Drop it again, or call `depesche retry`, when it is free."
_SAY_SO = "When it is free, write `Sperrfrist: aufgehoben` there, and drop it again."
#: ``Sperrfrist: 19.06.2024, 10:00 Uhr``; what is behind it is a date, or the item is held. Other
#: embargoes are news themselves, in a text.
_IN_TEXT = re.compile(
    r"(?im)^[\W_]{0,20}(?:achtung\W{1,10}(?:redaktionen?\W{1,10})?)?(?:"
    r"(?:sperrfrist|sperrvermerk)\b(?:[^\n:]{0,20}:[ \t]*"
    r"|[ \t]+(?=(?:bis[ \t]+)?(?:\d{1,2}[.:]|\d{4}\b)))"
    r"|embargoed[ \t]{1,5}(?:until|till|for)\b[ \t:]{0,5}"
    r"(?=\d{1,2}[ .:-]|\d{4}-|[a-z]{3,9} \d|further))([^\n]{0,120})"
)
_IN_NOTES = re.compile(
    r"(?im)(?:(?<!keine )(?<!ohne )\b(?:sperrfrist|sperrvermerk)\b(?:\s*:)?"
    r"|^\W{0,5}embargo(?:ed)?\s{0,3}(?::|(?=until\b|till\b|bis\b)))\s*([^\n]{0,120})"
)
FREE = re.compile(
    r"(?i)\A\W*(?:keine?|none|frei(?!\s+(?:ab|für|bis|zum|am|von)\b|\W*\d)|aufgehoben|abgelaufen"
    r"|lifted)\b"
)
_BEFORE_DATE = re.compile(r"(?i)\A(?:(?:bis|until|frei|für|ab|not|before|for)\s+)+")
_ZONE_IN_BRACKETS = re.compile(r"\s*\(([A-Z]{3,4})\)")


#: What an embargo is called among named values.
EMBARGOES = ("embargo_until", "embargoed", "embargo", "sperrfrist")


@dataclass(frozen=True, slots=True)
class Told:
    """What an item says of itself: as it is written, "" for what is not said.

    ``embargo`` is a date as it is written, None where there is none, "" where it has no end.
    """

    status: str = ""
    embargo: str | None = None


def told_by(values: Mapping[str, Any]) -> Told:
    """Return what named values of any program say of it: whether it is held back, and until when.

    Words that programs use for other things too count for nothing.
    """
    named = {str(name).lower(): value for name, value in values.items()}
    words = (str(named.get(name) or "") for name in ("pubstatus", "pub_status", "status"))
    status = next((word for word in words if _plain(word) in _HELD | _UNTIL | _TAKEN_BACK), "")
    drafts = str(named.get("draft")).lower() in {"true", "yes"}
    if drafts or str(named.get("published")).lower() == "false":  # Hugo says so, and Jekyll
        status = status or "draft"
    embargoes = (named.get(name) for name in EMBARGOES)
    embargo = next((str(each) for each in embargoes if each and str(each).lower() != "false"), None)
    free = embargo is None or FREE.match(embargo)
    return Told(status=status, embargo=None if free or embargo is None else embargo)


def _plain(status: str) -> str:
    return one_line(status).lower().replace("-", "").replace(" ", "")


def released(draft: Draft, told: Told) -> Draft:
    """Return the draft with its embargo, and a sentence for a status that nobody knows.

    Raises ``Unreadable`` where the sender holds the item back, has taken it back, or sets an
    embargo that nobody can read.
    """
    status = _plain(told.status)
    if status in _TAKEN_BACK:
        raise Unreadable(
            f"Its sender has taken it back ({told.status[:40]!r}).",
            "It is not published. An earlier version, if there is one in the archive, stays there.",
        )
    if status in _HELD or (status in _UNTIL and not told.embargo):
        raise Unreadable(f"Its sender holds it back ({told.status[:40]!r}).", _WAIT)
    warnings = (*draft.warnings, *_odd_status(status, told))
    embargo = _latest(draft.embargo, _embargo(told.embargo))
    if (embargo, warnings) == (draft.embargo, draft.warnings):  # of most
        return draft
    return replace(draft, embargo=embargo, warnings=warnings)


def embargo_end(draft: Draft, received: datetime | None, zone: str = DEFAULT_ZONE) -> str:
    """Return the instant (ISO 8601) until which it is held; "" where that had passed when it came.

    Whoever does not know when the file was ``received`` publishes nothing that has an embargo.
    """
    if draft.embargo is None:
        return ""
    ends = _end(draft.embargo, zone)
    return "" if received and received >= ends else ends.isoformat(timespec="milliseconds")


def later(first: str | None, second: str | None) -> str | None:
    """Return of two embargoes, as they are written, the one that ends later.

    One whose end cannot be read ends last: it holds the item back.
    """
    if first is None or second is None:
        return second if first is None else first
    ends = [_until(written) for written in (first, second)]
    return first if ends[0] >= ends[1] else second


def _latest(first: Published | None, second: Published | None) -> Published | None:
    known = [each for each in (first, second) if each]
    return max(known, key=lambda each: _end(each, DEFAULT_ZONE), default=None)


def _until(written: str) -> datetime:
    try:
        known = _embargo(written)
        return datetime.max.replace(tzinfo=UTC) if known is None else _end(known, DEFAULT_ZONE)
    except (Unreadable, OverflowError):
        return datetime.max.replace(tzinfo=UTC)


def embargo_in(notes: str, text: str) -> str | None:
    """Return the embargo that notes to editors, or a line at the head of the text, set in words.

    None where none does; what cannot be read as a date holds the item back.
    """
    match = _IN_NOTES.search(notes) or _IN_TEXT.search(text)
    if match is None or FREE.match(match[1]):
        return None
    written = _BEFORE_DATE.sub("", match[1].strip())
    return _ZONE_IN_BRACKETS.sub(r" \1", written).strip(" ()*=.!+")


def _embargo(written: str | None) -> Published | None:
    if written is None:
        return None
    read = read_date(written) if written else None
    known = None if read is None or read.part else read.published
    if known is None or known.precision not in {"day", "second"}:  # ``Sperrfrist 1900`` is no year
        until = f" (until {written[:40]!r})" if written else ""
        raise Unreadable(f"It is under an embargo whose end cannot be read{until}.", _SAY_SO)
    return known


def _end(embargo: Published, zone: str) -> datetime:
    """The instant at which it ends; of a day with its last moment."""
    if embargo.precision == "second":
        moment = datetime.fromisoformat(localised(embargo, zone).value)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return datetime.combine(date.fromisoformat(embargo.value), time.max, ZoneInfo(zone))


def _odd_status(status: str, told: Told) -> tuple[str, ...]:
    if not status or status in {
        "publish",
        "usable",
        "embargoed",
        "updated",
        "correction",
        "corrected",
    }:
        return ()
    return (f"Its status is {told.status[:40]!r}, which Depesche does not know; it was published.",)
