"""A workbook of Excel before 2007 (BIFF8), as small as it can be."""

from __future__ import annotations

import struct
from collections.abc import Sequence

from tests.unit.extraction.documents.made_outlook import compound

_BOF, _EOF, _SHEET, _LABEL = 0x0809, 0x000A, 0x0085, 0x0204


def xls(rows: Sequence[Sequence[str]]) -> bytes:
    """One sheet of texts."""
    cells = b"".join(
        _record(_LABEL, struct.pack("<HHH", row, column, 0) + _text(cell, "<H"))
        for row, line in enumerate(rows)
        for column, cell in enumerate(line)
    )
    name = _text("Artikel", "<B")
    begins = 20 + 4 + 6 + len(name) + 4
    globals_ = _begin(0x0005) + _record(_SHEET, struct.pack("<IBB", begins, 0, 0) + name)
    return compound({"Workbook": globals_ + _record(_EOF) + _begin(0x0010) + cells + _record(_EOF)})


def _begin(kind: int) -> bytes:
    return _record(_BOF, struct.pack("<HHHHII", 0x0600, kind, 0, 0, 0, 0))


def _text(text: str, size: str) -> bytes:
    return struct.pack(size, len(text)) + b"\x01" + text.encode("utf-16-le")


def _record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data
