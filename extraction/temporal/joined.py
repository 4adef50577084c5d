"""Join two dates into one interval: ``1914 bis 1918``, ``vom 3. bis 5. Mai``, ``Mai/Juni 2019``.

``am 3. und 4. Mai`` stays two dates. In both, the first takes over the month and the year that
only the second one has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from extraction.temporal import period as periods
from extraction.temporal.grammar import Reading
from extraction.temporal.lexicon import Lexeme
from extraction.temporal.period import Period
from extraction.temporal.rules.length import amount
from extraction.temporal.token import CodedTokens, symbol

Link = Literal["", "to", "and"]

_WEEK = timedelta(days=7)
_LONGEST_LINK = 3
_LAST_HOUR, _LAST_MINUTE = 24, 59
_OF_DAY = re.compile(r".*T[0-9]{2}:[0-9]{2}")
_TO, _AND = map(frozenset, ([symbol("BIS"), symbol("DASH"), symbol("SLASH")], [symbol("UND")]))
_FILL = frozenset(map(symbol, ("AM", "DET", "COMMA")))
_BARE = frozenset(map(symbol, ("SMALL", "COUNTW", "EIN", "DM", "CLOCK")))


@dataclass(frozen=True, slots=True)
class Read:
    """A reading of the tokens from ``start`` up to and without ``end``."""

    start: int
    end: int
    reading: Reading


def join(tokens: CodedTokens, reads: Iterable[Read]) -> list[Read]:
    """Return the readings with bare days found and intervals joined."""
    joined: list[Read] = []
    for read in reads:
        for following in (*_bare(tokens, read, joined[-1].end if joined else 0), read):
            before = joined[-1] if joined else None
            link = _link(tokens, before.end, following.start) if before else ""
            if before and link == "and" and symbol("ZWISCHEN") in _before(tokens, before.start):
                link = "to"
            whole = _whole(before, following) if before and link == "to" else None
            if whole:
                joined[-1] = whole
                continue
            if before and link:
                joined[-1] = _with_year(before, following)
            joined.append(following)
    return joined


def _link(tokens: CodedTokens, start: int, end: int) -> Link:
    """Tell what the tokens between two readings make of them."""
    codes = tokens.codes[start:end]
    if not 1 <= len(codes) <= _LONGEST_LINK:
        return ""
    rest = set(codes) - _FILL
    if len(rest) == 1 and rest <= _TO:
        return "to"
    return "and" if rest <= _AND and len(rest) + (codes == symbol("COMMA")) == 1 else ""


def _before(tokens: CodedTokens, start: int) -> str:
    return tokens.codes[max(0, start - 2) : start]


def _bare(tokens: CodedTokens, read: Read, behind: int) -> list[Read]:
    """Return the numbers before a reading that share its month or unit, in order."""
    bare: list[Read] = []
    start = read.start
    while number := _number_before(tokens, start, behind):
        at, end = number
        reading = _alike(tokens, read, at, end)
        if not reading:
            break
        bare.append(Read(at, end, reading))
        start = at
    return bare[::-1]


def _number_before(tokens: CodedTokens, start: int, behind: int) -> tuple[int, int] | None:
    """Return the tokens of the number that is linked to what starts there."""
    for length in range(1, _LONGEST_LINK + 1):
        end = start - length
        if end <= behind or not _link(tokens, end, start):
            continue
        if tokens.code(end - 1) in _BARE:
            return end - 1, end
    return None


def _alike(tokens: CodedTokens, read: Read, at: int, end: int) -> Reading | None:
    """Read ``15`` before ``18 Uhr`` and ``zwei`` before ``drei Tage``."""
    lexeme, period = tokens.lexemes[at], read.reading.period
    hours = read.reading.kind == "time" and tokens.code(read.end - 1) == symbol("UHR")
    if hours or _OF_DAY.fullmatch(period.value):
        clock = _clock(lexeme) if tokens.code(read.start) in _BARE else ""
        value = f"{period.value.partition('T')[0]}T{clock}"
        return replace(read.reading, period=replace(period, value=value)) if clock else None
    plain_link = tokens.codes[end : read.start] in (symbol("BIS"), symbol("DASH"))
    alike = read.reading.kind == "duration" and tokens.code(read.start) in _BARE
    if (
        not alike
        or lexeme.code in ("DM", "CLOCK")
        or not (plain_link or tokens.word(end) == "oder")
    ):
        return None
    return _duration(lexeme, period)


def _clock(lexeme: Lexeme) -> str:
    """Return an hour as ``15:00``, an empty string if there is none such."""
    written = lexeme.text if lexeme.code in ("DM", "CLOCK") else str(int(lexeme.number))
    hour, _, minute = written.replace(".", ":").partition(":")
    valid = int(hour) <= _LAST_HOUR and int(minute or 0) <= _LAST_MINUTE
    return f"{int(hour):02}:{int(minute or 0):02}" if valid else ""


def _duration(lexeme: Lexeme, period: Period) -> Reading:
    unit = period.value.lstrip("PT0123456789X.")
    prefix = "PT" if period.value.startswith("PT") else "P"
    return Reading("duration", Period(f"{prefix}{amount(lexeme)}{unit}"))


def _whole(before: Read, other: Read) -> Read | None:
    """Return the interval from one reading to the other if they are of a kind."""
    kinds = {before.reading.kind, other.reading.kind}
    if len(kinds) > 1 or "set" in kinds or before.reading.ends:
        return None
    if kinds == {"duration"}:
        return _unranged(before, other)
    before = _with_year(before, other)
    first, last = before.reading.period, _behind(before.reading, other.reading)
    if not (first.first and last.last):
        return _unranged(before, other) if first.precision == last.precision != "" else None
    if first.first > last.last or "_REF" in first.value + last.value:
        return None
    ends = ((before.start, before.end, first), (other.start, other.end, last))
    whole = periods.interval(first, last)
    return Read(before.start, other.end, replace(other.reading, period=whole, ends=ends))


def _unranged(before: Read, other: Read) -> Read:
    first, last = before.reading.period, other.reading.period
    ends = ((before.start, before.end, first), (other.start, other.end, last))
    whole = Period(f"{first.value}/{last.value}", last.precision)
    return Read(before.start, other.end, replace(other.reading, period=whole, ends=ends))


def _behind(before: Reading, other: Reading) -> Period:
    """Return the second end, moved on if it was taken for a day or month before the first."""
    first, last = before.period, other.period
    if not (first.first and last.first):
        return last
    if other.year == "open" and before.year:
        same = _in_year(last, first.first.year)
        over = same.first is not None and same.first < first.first
        return _in_year(last, first.first.year + 1) if over else same
    if last.first >= first.first or {last.precision, first.precision} != {"day"}:
        return last
    soon = first.first - last.first < _WEEK and last.first <= date.max - _WEEK
    return periods.day(last.first + _WEEK) if soon else last


def _with_year(read: Read, other: Read) -> Read:
    """Give a day or month without a year the year of the other one."""
    mine, theirs = read.reading, other.reading
    known = theirs.period.first
    if mine.year != "open" or theirs.year != "given" or not known:
        return read
    period = _in_year(mine.period, known.year)
    if period.first and period.first > known:
        period = _in_year(mine.period, known.year - 1)
    return replace(read, reading=replace(mine, period=period, year="given"))


def _in_year(period: Period, year: int) -> Period:
    """Return a day or month, known or not, in a year; as it is if it does not exist there."""
    try:
        if period.first and period.last:
            first, last = period.first.replace(year=year), period.last.replace(year=year)
            return replace(period, value=f"{year:04}{period.value[4:]}", first=first, last=last)
        if period.precision == "day":
            return periods.day(date(year, int(period.value[5:7]), int(period.value[8:10])))
        return periods.month(year, int(period.value[5:7]))
    except ValueError:
        return period
