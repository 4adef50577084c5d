"""Word documents of before 2007 (.doc), written for tests: MS-DOC at its least."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tests.unit.extraction.documents.made_outlook import compound

_TEXT, _PAGE = 0x800, 512
_HIDDEN, _DELETED = 0x083C, 0x0800
_IN_TABLE, _ROW_ENDS = 0x2416, 0x2417
GONE = {"hidden": _HIDDEN, "deleted": _DELETED}


@dataclass(frozen=True)
class Para:
    """A paragraph with its end, the number of its style, and what it is of a table (``cell``)."""

    text: str
    style: int = 0
    end: str = "\r"
    ends_row: bool = False

    @property
    def whole(self) -> str:
        return self.text + self.end

    @property
    def told(self) -> bytes:
        said = struct.pack("<H", self.style)
        if self.end == "\x07":
            said += struct.pack("<HB", _IN_TABLE, 1)
        return said + (struct.pack("<HB", _ROW_ENDS, 1) if self.ends_row else b"")


def row(*cells: str) -> list[Para]:
    """A row of a table."""
    return [*(Para(cell, end="\x07") for cell in cells), Para("", end="\x07", ends_row=True)]


def doc(
    paragraphs: Iterable[Para | str],
    styles: Sequence[str] = ("Normal",),
    gone: tuple[str, str] | None = None,
    *,
    wide: bool = True,
    flags: int = 0x0200,
    pieces: int = 1,
) -> bytes:
    """``gone``: a part of the text, and whether it is ``hidden`` or ``deleted``."""
    whole = [Para(each) if isinstance(each, str) else each for each in paragraphs]
    text = "".join(each.whole for each in whole)
    units = len(text.encode("utf-16-le")) // 2 if wide else len(text)
    data, width = (text.encode("utf-16-le"), 2) if wide else (text.encode("cp1252"), 1)
    main = bytearray(_TEXT) + data
    main += bytes(-len(main) % _PAGE)
    runs, page = len(main) // _PAGE, len(main) // _PAGE + 1
    main += _runs(text, width, gone) + _paragraphs(whole, width)
    bounds = (_TEXT, _TEXT + len(data))
    parts = {
        0xA2: _styles(styles),
        0xFA: struct.pack("<III", *bounds, runs),
        0x102: struct.pack("<III", *bounds, page),
        0x1A2: _clx(units, width, pieces),
    }
    table = b""
    struct.pack_into("<HH", main, 0, 0xA5EC, 0xC1)
    struct.pack_into("<H", main, 0x0A, flags)
    struct.pack_into("<I", main, 0x4C, units)
    for at, part in parts.items():
        struct.pack_into("<II", main, at, len(table), len(part))
        table += part
    return compound({"WordDocument": bytes(main), "1Table": table})


def old_doc(text: str, flags: int = 0) -> bytes:
    """One of Word 95."""
    main = bytearray(0x300) + text.encode("cp1252")
    struct.pack_into("<HH", main, 0, 0xA5DC, 0x68)
    struct.pack_into("<H", main, 0x0A, flags)
    struct.pack_into("<II", main, 0x18, 0x300, len(main))
    struct.pack_into("<I", main, 0x34, len(text))
    return compound({"WordDocument": bytes(main)})


def _clx(units: int, width: int, pieces: int) -> bytes:
    step = -(-units // pieces)
    starts = [*range(0, units, step), units]
    places = [_TEXT + start * width for start in starts[:-1]]
    told = [place if width == 2 else place * 2 | 1 << 30 for place in places]
    table = struct.pack(f"<{len(starts)}I", *starts)
    table += b"".join(struct.pack("<HIH", 0, each, 0) for each in told)
    before = b"\x01" + struct.pack("<H", 2) + b"\0\0"  # changes of a quick save, none of ours
    return before + b"\x02" + struct.pack("<I", len(table)) + table


def _runs(text: str, width: int, gone: tuple[str, str] | None) -> bytes:
    bounds, said = [0, len(text)], [b""]
    if gone:
        begin = text.index(gone[0])
        bounds = [0, begin, begin + len(gone[0]), len(text)]
        said = [b"", struct.pack("<HB", GONE[gone[1]], 1), b""]
    page, at = bytearray(_PAGE), _PAGE - 2
    struct.pack_into(f"<{len(bounds)}I", page, 0, *(_TEXT + width * b for b in bounds))
    for number, grpprl in enumerate(said):
        if grpprl:
            at -= (len(grpprl) + 2) & ~1
            page[at : at + 1 + len(grpprl)] = bytes([len(grpprl)]) + grpprl
            page[4 * len(bounds) + number] = at // 2
    page[-1] = len(said)
    return bytes(page)


def _paragraphs(whole: Sequence[Para], width: int) -> bytes:
    page, at, place = bytearray(_PAGE), _PAGE - 2, _TEXT
    struct.pack_into("<I", page, 0, place)
    for number, each in enumerate(whole):
        place += width * (len(each.whole.encode("utf-16-le")) // 2)
        struct.pack_into("<I", page, 4 * (number + 1), place)
        odd = len(each.told) % 2
        told = bytes([(len(each.told) + 1) // 2]) if odd else bytes([0, len(each.told) // 2])
        told += each.told
        at -= (len(told) + 1) & ~1
        page[at : at + len(told)] = told
        page[4 * (len(whole) + 1) + 13 * number] = at // 2
    page[-1] = len(whole)
    return bytes(page)


def _styles(names: Sequence[str]) -> bytes:
    sheet = struct.pack("<HHH", 4, len(names), 10)
    for name in names:
        style = struct.pack("<HH6xH", 0xFFE, 0xFFF0, len(name)) + name.encode("utf-16-le") + b"\0\0"
        sheet += struct.pack("<H", len(style)) + style + bytes(len(style) % 2)
    return sheet
