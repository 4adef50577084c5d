"""Parquet: a table whose rows a confined process reads, a group of them after the other.

Of a file nobody holds more than its footer and the bytes of one group, however large it is.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from articles.errors import Unreadable
from articles.limits import MEBIBYTE
from extraction.confined.reading import read_confined
from extraction.containers.member import Kind, Member, Opened, Sample
from extraction.containers.table import Rows, members_of
from extraction.documents.parquet_file import ADVICE, ENCRYPTED, END, MAGIC

ENDINGS = (".parquet",)
#: Real ones have some hundred bytes for each column of each group.
_LARGEST_FOOTER = 16 * MEBIBYTE
#: Seconds for which its groups may be read without a word in one: a reader's own limit is of one.
#: A row with a word gives so many back: real ones have thousands of rows a second.
_MOST_SECONDS, _SECONDS_OF_ROW = 120.0, 1.0
_clock = time.monotonic
#: The names of the columns, and some of the rows.
_Part = tuple[list[str], list[list[str]]]


@dataclass(frozen=True, slots=True)
class _Group:
    """Some of the rows: where their bytes begin and end, and what the footer says of them."""

    begin: int
    end: int
    told: str


def _recognises(sample: Sample) -> bool:
    """By its first bytes."""
    return sample.head.startswith((MAGIC, ENCRYPTED))


def _members(opened: Opened) -> Iterator[Member]:
    yield from members_of(_rows(opened), opened)


def _rows(opened: Opened) -> Rows:
    """The names of the columns, then each row with its number, from 1."""
    footer, ends = _footer(opened)
    said = read_confined("parquet", footer, opened.limits.reader)
    file, number, named, patience = said.get("file"), 0, False, _Patience()
    for group in _groups(said.get("groups"), ends):
        pages = _bytes(opened, group)  # whoever reads it may stand still meanwhile
        for columns, rows in patience.watched(_parts(opened, pages, group, file)):
            if not named:
                yield 0, columns
                named = True
            for row in rows:
                number += 1
                yield number, row


class _Patience:
    """For how long its groups may be read; what is done with the rows meanwhile counts not."""

    def __init__(self) -> None:
        self._left = _MOST_SECONDS

    def watched(self, parts: Iterator[_Part]) -> Iterator[_Part]:
        """The same. Raises ``Unreadable`` where they took too long for what is in them."""
        begins = _clock()
        for columns, rows in parts:
            self._spend(_clock() - begins, sum(any(map(str.strip, row)) for row in rows))
            yield columns, rows
            begins = _clock()

    def _spend(self, seconds: float, rows: int) -> None:
        self._left = min(_MOST_SECONDS, self._left - seconds + rows * _SECONDS_OF_ROW)
        if self._left < 0:
            said = f"It was read for {_MOST_SECONDS:,.0f} seconds, and no word came, or hardly one."
            raise Unreadable(f"{said} Its groups are empty.", ADVICE)


def _parts(opened: Opened, pages: bytes, group: _Group, file: object) -> Iterator[_Part]:
    """The rows of a group with the names of their columns, as many at once as are told at once."""
    known = {"file": file, "group": group.told}
    start: int | None = 0
    while start is not None:
        said = read_confined("parquet", pages, opened.limits.reader, start, known)
        rows, following = said.get("rows"), said.get("following")
        yield _texts(said.get("columns")), [_texts(row) for row in _listed(rows)]
        start = following if isinstance(following, int) and following > start else None


def _footer(opened: Opened) -> tuple[bytes, int]:
    """Its footer, and where that begins. Raises ``Unreadable`` where it has none."""
    stream = opened.stream
    size = stream.seek(0, 2)
    stream.seek(max(size - END, 0))
    end = stream.read(END)
    if end.endswith(ENCRYPTED):
        raise Unreadable("This Parquet file is encrypted.", ADVICE)
    begins = size - END - int.from_bytes(end[:4], "little")
    if not end.endswith(MAGIC) or begins < len(MAGIC):
        raise Unreadable("This Parquet file is cut off: it does not end as one.", ADVICE)
    if size - begins > _LARGEST_FOOTER:
        raise Unreadable(
            f"The footer of this Parquet file has more than {_LARGEST_FOOTER:,} bytes.", ADVICE
        )
    stream.seek(begins)
    return stream.read(size - END - begins), begins


def _bytes(opened: Opened, group: _Group) -> bytes:
    most = opened.limits.reader.unpacked
    if group.end - group.begin > most:
        said = f"A group of its rows has more than {most:,} bytes (DEPESCHE_READER_UNPACKED)."
        raise Unreadable(said, f"Write it with smaller groups. {ADVICE}")
    opened.stream.seek(group.begin)
    return opened.stream.read(group.end - group.begin)


def _groups(said: Any, ends: int) -> list[_Group]:
    """What a reader says that has read what others wrote: it may be anything.

    A footer could name the same bytes a thousand times, and each time they would be read.
    """
    groups = [_group(each, ends) for each in _listed(said)]
    in_order = sorted(groups, key=lambda group: group.begin)
    if any(group.end > following.begin for group, following in pairwise(in_order)):
        raise Unreadable("This Parquet file is broken: its groups lie in each other.", ADVICE)
    return groups


def _group(said: Any, ends: int) -> _Group:
    match said:
        case [int(begin), int(end), str(told)] if 0 < begin < end <= ends:
            return _Group(begin, end, told)
        case _:
            raise Unreadable("This Parquet file is broken: its groups lie nowhere.", ADVICE)


def _listed(said: Any) -> list[Any]:
    return said if isinstance(said, list) else []


def _texts(said: Any) -> list[str]:
    return [text if isinstance(text, str) else "" for text in _listed(said)]


KIND = Kind("a Parquet file", _recognises, _members, whole=True)
