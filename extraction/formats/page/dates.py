"""When an article was published, by all that its page says of it: the surest first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from german.dates import date_at_start, read_date

_START = re.compile(
    r"(?:\b(?:Mo|Di|Mi|Do|Fr|Sa|So)[a-z]{0,9}\.?,?\s+(?:den\s+|der\s+)?)?\b\d{1,2}\.\s?"
    r"(?:\d{1,2}\.\s?(?:\d{4}|\d{2})|[A-ZÄÖÜ][a-zä]{2,8}\.?\s\d{4})|\b\d{4}-\d\d-\d\d"
)
_CHANGED = re.compile(
    r"(?i)(?:aktualisier\w*|geändert\w*|update\w*|stand|zuletzt|korrigiert)[^\d]{0,30}\Z"
)
_TELLS = re.compile(
    r"(?i)(?:veröffentlicht|erstellt|erschienen|gespeichert|eingestellt|publiziert|geschrieben"
    r"|online seit|stand|submitted|posted|published|datum)\b[^\d]{0,60}\Z"
)
_IN_PATH = re.compile(r"/((?:19|20)\d\d)[/-](\d\d)[/-](\d\d)(?=[/.-]|\Z)")
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?\Z")
_MIDNIGHT = re.compile(r"T00:00:00")
_DAY, _LONGEST_LINE = 10, 300


def published(
    said: Iterable[str],
    times: Iterable[str],
    lines: Iterable[str],
    changed: Iterable[str],
    url: str,
) -> str:
    """Return the date as ``german.dates`` reads it, or as it is written where it cannot be read.

    ``said`` is what the page tells machines, ``times`` and ``lines`` what it tells people,
    ``changed`` when it was last changed, which is better than nothing; last comes the address.
    """
    told = [written for each in said if (written := _written(each))]
    if days := [each for each in map(_read, told) if each]:
        return _finest(days)
    first, later = _in_lines(lines)
    shown = [each for each in (*map(_read, map(_written, times)), *first, *later) if each]
    if shown:
        return _finest(shown)
    rest = [*(_read(_written(each)) for each in changed), _in_address(url)]
    return next(filter(None, rest), told[0] if told else "")


def changed(said: Iterable[str]) -> str:
    """Return when a page says that it was last changed, "" where that cannot be read."""
    return next(filter(None, (_read(_written(each)) for each in said)), "")


def _written(value: str) -> str:
    if _EPOCH.match(value):
        return f"{datetime.fromtimestamp(int(value[:_DAY]), UTC):%Y-%m-%dT%H:%M:%SZ}"
    return value.strip()


def _read(written: str) -> str:
    read = read_date(written) if written else None
    return read.published.value if read and read.published else ""


def _finest(dates: list[str]) -> str:
    """Return the first, or what says the time of that same day where the first says none."""
    first = dates[0]
    if len(first) > _DAY and not _MIDNIGHT.search(first):
        return first
    same = (each for each in dates if each[:_DAY] == first[:_DAY] and len(each) > _DAY)
    return next((each for each in same if not _MIDNIGHT.search(each)), first)


def _in_lines(lines: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return the dates of lines such as ``19.06.2024, 14:35 Uhr``; behind ``Stand:`` apart."""
    first: list[str] = []
    later: list[str] = []
    for line in lines:
        for before, value in _dates_in(line[:_LONGEST_LINE]):
            (later if _CHANGED.search(before) else first).append(value)
    return first, later


def _dates_in(line: str) -> Iterator[tuple[str, str]]:
    for start in _START.finditer(line):
        read = date_at_start(line[start.start() :])
        if read and read.published and not read.part:
            yield line[: start.start()], read.published.value


def is_told(line: str) -> bool:
    """Whether a line tells when something was published, among other things."""
    return any(_TELLS.search(before) for before, _ in _dates_in(line[:_LONGEST_LINE]))


def is_date_line(line: str) -> bool:
    """Whether a line holds a date, and nothing beside it but what stands with dates."""
    if len(line) > _LONGEST_LINE or not (start := _START.search(line)):
        return False
    rest = line[: start.start()] + _AFTER.sub("", line[start.end() :])
    return not _BESIDE.sub("", rest).strip(" ,.:;|–-•·/()")


_AFTER = re.compile(r"(?:,| um| \||–|-|\s)*\d{1,2}[:.]\d\d(?::\d\d)?(?: ?Uhr| ?h)?")
_BESIDE = re.compile(
    r"(?i)\b(?:stand|vom|am|um|uhr|veröffentlicht|erstellt|erschienen|aktualisiert|geändert|zuletzt"
    r"|update|datum|online|publiziert|den|von|lesezeit|\d+ min\w*)\b"
)


def _in_address(url: str) -> str:
    match = _IN_PATH.search(url)
    return _read("-".join(match.groups())) if match else ""
