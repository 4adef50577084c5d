"""What a Word document of before 2007 is made of (MS-DOC): pieces of text, paragraphs, styles.

Each piece lies somewhere in its main stream, a byte or two a letter; runs of letters and paragraphs
have their properties by where they lie there.
"""

from __future__ import annotations

import struct
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from extraction.documents.styles import StyleTable

#: Of the head of the main stream, where is what (2.5.1): places of pairs of offset and length.
_STYLES, _RUNS, _PARAGRAPHS, _PIECES = 0xA2, 0xFA, 0x102, 0x1A2
_COUNT, _PAGE = 0x4C, 512
_DELETED, _HIDDEN, _IN_TABLE, _ROW_ENDS = 0x0800, 0x083C, 0x2416, 0x2417
_DEFINES_TABLE, _CHANGES_TABS = 0xD608, 0xC615
#: Bytes of the operand of a property, by three bits of its name; 6: the first byte says.
_OPERANDS = (1, 1, 2, 4, 2, 2, 0, 3)
_VARIABLE = 6
_OF_TABLE_STREAM, _PIECE_ENTRY, _PARAGRAPH_ENTRY = 2, 8, 13
_ONE_BYTE = 1 << 30
#: Styles that Word brings along, by their numbers: their names may be in any language.
_BUILT_IN = {**{n: f"heading {n}" for n in range(1, 10)}, 62: "title", 74: "subtitle"}


@dataclass(frozen=True, slots=True)
class Piece:
    """Letters with the place of the first in the main stream, and how many bytes each has there.

    What is deleted or hidden is a NUL.
    """

    text: str
    place: int
    width: int


@dataclass(frozen=True, slots=True)
class Paragraph:
    """The number of its style, whether it is in a table, and whether it ends a row of it."""

    style: str = ""
    in_table: bool = False
    ends_row: bool = False


class WordFile:
    """A main stream with its table stream. All raise ``struct.error`` and ``ValueError``."""

    def __init__(self, main: bytes, table: bytes) -> None:
        self._main, self._table = main, table
        self._gone = [
            (begin, end)
            for begin, end, said in self._entries(_RUNS, 1)
            if any(op in {_DELETED, _HIDDEN} and value[:1] == b"\x01" for op, value in _told(said))
        ]
        found = sorted(self._entries(_PARAGRAPHS, _PARAGRAPH_ENTRY))
        self._begins = [begin for begin, _, _ in found]
        self._found = found
        self.styles = StyleTable(self._load)

    def pieces(self) -> Iterator[Piece]:
        """Yield the text of the document itself: no notes, heads or comments."""
        (count,) = struct.unpack_from("<I", self._main, _COUNT)
        if count > len(self._main):
            raise ValueError("it says that it has more letters than bytes")
        plc = _plc_of(self._part(_PIECES))
        number = (len(plc) - 4) // (4 + _PIECE_ENTRY)
        starts = struct.unpack_from(f"<{number + 1}I", plc)
        for at in range(number):
            (place,) = struct.unpack_from("<I", plc, 4 * (number + 1) + _PIECE_ENTRY * at + 2)
            begin, end = starts[at], min(starts[at + 1], count)
            if end > begin:
                yield self._piece(place, end - begin)

    def paragraph(self, place: int) -> Paragraph:
        """Return the paragraph whose end is at a place of the main stream."""
        at = bisect_right(self._begins, place) - 1
        if at < 0 or place >= self._found[at][1]:
            return Paragraph()
        said = self._found[at][2]
        if len(said) < _OF_TABLE_STREAM:
            return Paragraph()
        true = {op for op, value in _told(said[2:]) if value == b"\x01"}
        style = str(struct.unpack_from("<H", said)[0])
        return Paragraph(style, _IN_TABLE in true, _ROW_ENDS in true)

    def _piece(self, told: int, count: int) -> Piece:
        width = 1 if told & _ONE_BYTE else 2
        place = (told & (_ONE_BYTE - 1)) // (2 // width)
        data = self._main[place : place + count * width]
        if width == 1:
            text = data.decode("cp1252", "replace")
        else:  # unit by unit: places are counted in them
            text = "".join(map(chr, struct.unpack(f"<{len(data) // 2}H", data[: len(data) & ~1])))
        return Piece(self._without_gone(text, place, width), place, width)

    def _without_gone(self, text: str, place: int, width: int) -> str:
        for begin, end in self._gone:
            first = max((begin - place) // width, 0)
            last = min((end - place) // width, len(text))
            if first < last:
                text = text[:first] + "\0" * (last - first) + text[last:]
        return text

    def _part(self, at: int) -> bytes:
        """What lies in the table stream where a pair of the head says."""
        place, length = struct.unpack_from("<II", self._main, at)
        return self._table[place : place + length]

    def _entries(self, at: int, size: int) -> Iterator[tuple[int, int, bytes]]:
        """Yield where each run or paragraph begins and ends, and its properties (2.9.33, 2.9.174).

        They are told by pages of the main stream, each of which is read once.
        """
        plc = self._part(at)
        number = (len(plc) - 4) // 8
        pages = struct.unpack_from(f"<{number}I", plc, 4 * (number + 1)) if number > 0 else ()
        for page in dict.fromkeys(pages):
            start = (page & 0x3FFFFF) * _PAGE
            yield from _of_page(self._main[start : start + _PAGE], size)

    def _load(self, styles: StyleTable) -> None:
        for number, (built_in, base, name) in _style_sheet(self._part(_STYLES)):
            styles.name(str(number), _BUILT_IN.get(built_in, name))
            styles.base(str(number), str(base))


def _of_page(page: bytes, size: int) -> Iterator[tuple[int, int, bytes]]:
    if len(page) < _PAGE:
        return
    number = page[-1]
    places = struct.unpack_from(f"<{number + 1}I", page)
    for at in range(number):
        where = 2 * page[4 * (number + 1) + size * at]
        if where == 0:
            yield places[at], places[at + 1], b""
            continue
        length, start = page[where], where + 1
        if size > 1:  # of a paragraph it is counted in words, which may begin a byte later
            length, start = (2 * length - 1, start) if length else (2 * page[start], start + 1)
        yield places[at], places[at + 1], page[start : start + length]


def _told(said: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield properties and their operands, as far as they can be told apart (2.6)."""
    at = 0
    while at + 2 < len(said):
        (name,) = struct.unpack_from("<H", said, at)
        at += 2
        size = _OPERANDS[name >> 13]
        if name == _CHANGES_TABS:
            return
        if name == _DEFINES_TABLE and at + 1 < len(said):
            size = struct.unpack_from("<H", said, at)[0] + 1
        elif name >> 13 == _VARIABLE:
            size = said[at] + 1
        yield name, said[at : at + size]
        at += size


def _plc_of(pieces: bytes) -> bytes:
    """Return the table of pieces, behind what may stand before it (2.9.38)."""
    at = 0
    while at + 3 <= len(pieces) and pieces[at] == 1:
        at += 3 + struct.unpack_from("<H", pieces, at + 1)[0]
    if pieces[at : at + 1] != b"\x02":
        raise ValueError("it has no table of its pieces")
    (length,) = struct.unpack_from("<I", pieces, at + 1)
    return pieces[at + 5 : at + 5 + length]


def _style_sheet(sheet: bytes) -> Iterator[tuple[int, tuple[int, int, str]]]:
    """Yield of each style its number, what Word calls it, on which it is based, and its name."""
    head, count, base_size = struct.unpack_from("<HHH", sheet)
    at = 2 + head
    for number in range(count):
        if at + 2 > len(sheet):
            return
        (size,) = struct.unpack_from("<H", sheet, at)
        style, at = sheet[at + 2 : at + 2 + size], at + 2 + size + size % 2
        if len(style) >= base_size + 2 and base_size >= 4:  # noqa: PLR2004
            built_in, based, length = *struct.unpack_from("<HH", style), 0
            (length,) = struct.unpack_from("<H", style, base_size)
            name = style[base_size + 2 : base_size + 2 + 2 * length].decode("utf-16-le", "replace")
            yield number, (built_in & 0xFFF, based >> 4, name)
