"""A table as CSV or TSV: an article a row, by the headings of its columns. The row is its name."""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain

from articles.errors import Unreadable
from articles.limits import MEBIBYTE
from articles.spreadsheet import of_cell
from extraction.containers.columns import columns_of
from extraction.containers.member import HEAD, Kind, Member, Opened, Sample, numbered, too_long
from extraction.containers.stream import buffered
from extraction.formats.decode import decode
from extraction.formats.exported import MARKS

#: Each with its number as a spreadsheet counts it, from 1; or what is wrong with it.
Rows = Iterator[tuple[int, list[str] | str]]
ENDINGS = (".csv", ".tsv", ".tab")
_DELIMITERS = ";\t,|"
#: Parts of which a cell may name several, as ``export`` writes them.
_SEVERAL = frozenset({"byline", "agencies", "dateline_places", "subjects", "genre"})
_BETWEEN = ";"
_MOST_CELLS = 1_000_000
_ENCODE = json.JSONEncoder(ensure_ascii=False).encode
_LOST = "\ufffd"  # what the decoder takes for bytes that it does not know
_NO_UTF_8 = re.compile("[\udc80-\udcff]+")
_UNCLOSED = "a quotation mark in it is never closed"
_AGAIN = "Mend the table and drop it again."


def _recognises(sample: Sample) -> bool:
    """By its name alone: a text may look like a table."""
    return sample.ends_in(*ENDINGS)


def _members(opened: Opened) -> Iterator[Member]:
    yield from members_of(_rows(opened, opened.limits.member_bytes), opened)


def members_of(rows: Rows, opened: Opened) -> Iterator[Member]:
    """Yield the rows below the headings. Raises ``Unreadable`` where these name no headline."""
    most = opened.limits.member_bytes
    headings = next(rows, (1, []))[1]
    if isinstance(headings, str):
        raise Unreadable(f"Its headings cannot be read: {headings}.", _AGAIN)
    if not any(heading.strip() for heading in headings):
        raise Unreadable("The table is empty.", _AGAIN)
    columns = columns_of(headings, opened.columns())
    for number, row in rows:
        if isinstance(row, str):
            yield Member(numbered(number, "json"), fault=f"row {number:,} cannot be read: {row}")
        elif any(map(str.strip, row)):
            yield _member(number, row, columns, len(headings), most)


def _member(
    number: int, row: Sequence[str], columns: Mapping[int, str], width: int, most: int
) -> Member:
    """A row; one with more cells than headings has a delimiter in a text, and all are shifted."""
    surplus = any(map(str.strip, row[width:]))
    told: object = list(row) if surplus else _parts(row, columns)
    data = _ENCODE(told).encode("utf-8", "replace")
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
    """What is no UTF-8 in a file of UTF-8 was another program's Windows-1252: these bytes alone."""
    try:
        cell.encode()
    except UnicodeEncodeError:
        return _NO_UTF_8.sub(_of_windows, cell)
    return cell


def _of_windows(match: re.Match[str]) -> str:
    return match.group().encode("utf-8", "surrogateescape").decode("cp1252", "replace")


def _rows(opened: Opened, most: int) -> Rows:
    """Each row with its number as a spreadsheet counts it, from 1; or what is wrong with it.

    Where that may be wrong with the rows behind it too, nobody knows where the next one begins.
    """
    lines = _Lines(opened, most + MEBIBYTE)
    # The library's own is 128 KiB. It is one for the whole process.
    csv.field_size_limit(most + MEBIBYTE)
    reader = csv.reader(lines.all, delimiter=lines.delimiter, strict=True)
    number = 0
    while True:
        number, begins = number + 1, reader.line_num + 1
        lines.begin_row()
        try:
            row = next(reader, None)
            lines.refuse_lost(row)
        except csv.Error as error:
            said = _UNCLOSED if str(error) == "unexpected end of data" else str(error)
            if reader.line_num > begins or said == _UNCLOSED or lines.too_long:
                place = f"Row {number:,}, from line {begins:,} on,"
                raise Unreadable(f"{place} cannot be read: {said}.", _AGAIN) from error
            yield number, said
            continue
        if row is None:
            return
        yield number, row


class _Lines:
    """The lines of a table. Of a row only so many bytes and cells are read.

    They are counted as they are read from the disk, some hundred kilobytes at once, so that the
    library takes line after line without us.
    """

    def __init__(self, opened: Opened, most: int) -> None:
        head = opened.stream.read(HEAD)
        encoding = _encoding(head)
        self._wide = encoding.startswith(("utf-16", "utf-32"))
        self._read, self._most = _after(head, opened), (4 if self._wide else 1) * most
        self.delimiter, self._mark = ",", b","
        self.begin_row()
        # Of a wide one a wrong byte cannot be had again.
        errors = "replace" if self._wide else "surrogateescape"
        text = io.TextIOWrapper(buffered(self._counted), encoding, errors, newline="")
        first = text.readline(most)
        self.delimiter = max(_DELIMITERS, key=first.count)
        self._mark = self.delimiter.encode()
        self.all = chain([first] if first else [], text)

    def begin_row(self) -> None:
        """What comes now is of another row."""
        self._bytes = self._cells = 0
        self.too_long = False

    def refuse_lost(self, row: list[str] | None) -> None:
        """Raise ``csv.Error`` for a row in which letters are lost."""
        if row and self._wide and any(_LOST in cell for cell in row):
            raise csv.Error(f"it has bytes that are no letters ({_LOST})")

    def _counted(self, most: int) -> bytes:
        data = self._read(most)
        self._bytes += len(data)
        if self._bytes > _MOST_CELLS:
            self._cells += data.count(self._mark)
        self.too_long = self._bytes > self._most or self._cells > _MOST_CELLS
        if self.too_long:
            limit = f"{self._most:,} bytes or {_MOST_CELLS:,} cells"
            raise csv.Error(f"it has more than {limit}; a quotation mark may be missing")
        return data


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
