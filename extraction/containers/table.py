"""A table as CSV or TSV: an article a row, by the headings of its columns. The row is its name."""

from __future__ import annotations

import codecs
import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TextIO

from articles.errors import Unreadable
from articles.spreadsheet import of_cell
from extraction.containers.columns import columns_of
from extraction.containers.member import HEAD, Kind, Member, Opened, Sample, numbered, too_long
from extraction.containers.stream import buffered
from extraction.formats.decode import decode
from extraction.formats.exported import MARKS

_ENDINGS = (".csv", ".tsv", ".tab")
_DELIMITERS = ";\t,|"
#: Parts of which a cell may name several, as ``export`` writes them.
_SEVERAL = frozenset({"byline", "agencies", "dateline_places"})
_BETWEEN = ";"
_AGAIN = "Mend the table and drop it again."


def _recognises(sample: Sample) -> bool:
    """By its name alone: a text may look like a table."""
    return sample.ends_in(*_ENDINGS)


def _members(opened: Opened) -> Iterator[Member]:
    most = opened.limits.member_bytes
    rows = _rows(opened, most)
    headings = next(rows, (1, []))[1]
    if not any(heading.strip() for heading in headings):
        raise Unreadable("The table is empty.", _AGAIN)
    columns = columns_of(headings, opened.columns)
    for number, row in rows:
        if any(map(str.strip, row)):
            yield _member(number, row, columns, len(headings), most)


def _member(
    number: int, row: Sequence[str], columns: Mapping[int, str], width: int, most: int
) -> Member:
    """A row; one with more cells than headings has a delimiter in a text, and all are shifted."""
    surplus = any(map(str.strip, row[width:]))
    told: object = list(row) if surplus else _parts(row, columns)
    data = json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")
    name = numbered(number, "json")
    if len(data) > most:
        return Member(name, fault=too_long(f"row {number:,}", most))
    said = f"row {number:,} has {len(row)} cells, and the table {width} columns"
    return Member(name, data, said if surplus else "")


def _parts(row: Sequence[str], columns: Mapping[int, str]) -> dict[str, object]:
    cells = {part: row[place].strip() for place, part in columns.items() if place < len(row)}
    plain = of_cell if MARKS[0] in cells else str
    return {part: _value(part, plain(_mended(cell))) for part, cell in cells.items() if cell}


def _value(part: str, cell: str) -> object:
    if part not in _SEVERAL:
        return cell
    return [name for name in map(str.strip, cell.split(_BETWEEN)) if name]


def _mended(cell: str) -> str:
    """What is no UTF-8 in a file of UTF-8 was another program's Windows-1252."""
    if cell.isascii() or not any("\udc80" <= letter <= "\udcff" for letter in cell):
        return cell
    return cell.encode("utf-8", "surrogateescape").decode("cp1252", "replace")


def _rows(opened: Opened, most: int) -> Iterator[tuple[int, list[str]]]:
    """Each row with its number as a spreadsheet counts it, from 1."""
    text = _text(opened)
    first = text.readline(HEAD)
    delimiter = max(_DELIMITERS, key=first.count)
    csv.field_size_limit(most)  # the library's own is 128 KiB, one for the whole process
    reader = csv.reader(_from(first, text), delimiter=delimiter)
    number = 0
    while True:
        number += 1
        try:
            row = next(reader, None)
        except csv.Error as error:
            raise Unreadable(f"Row {number:,} cannot be read: {error}.", _AGAIN) from error
        if row is None:
            return
        yield number, row


def _from(first: str, text: TextIO) -> Iterator[str]:
    """All lines; one that never ends is cut, which the reader refuses then."""
    yield first
    while line := text.readline(1 << 20):
        yield line


def _text(opened: Opened) -> TextIO:
    head = opened.stream.read(HEAD)
    encoding = _encoding(head)
    whole = buffered(_after(head, opened))
    return io.TextIOWrapper(whole, encoding, "surrogateescape", newline="")


def _after(head: bytes, opened: Opened) -> Callable[[int], bytes]:
    """Read the bytes that were looked at, and then those behind them."""
    looked_at = io.BytesIO(head)
    return lambda most: looked_at.read(most) or opened.stream.read(most)


def _encoding(head: bytes) -> str:
    """Of its beginning, less the last line, which may be cut within a character."""
    known = decode(head[: head.rfind(b"\n") + 1] or head).encoding
    if known.startswith("utf-8"):
        return "utf-8-sig"
    return "utf-16" if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else known


KIND = Kind("a table", _recognises, _members)
