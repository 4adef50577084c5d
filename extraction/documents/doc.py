"""Word documents of before 2007 (.doc; MS-DOC): their paragraphs, tables and properties.

Read is the text as it stands: not what was deleted or is hidden, nor codes of fields, headers,
footers, notes, comments. Macros are never looked at.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from typing import Any

from olefile import OleFileIO
from olefile.olefile import OleFileError

from articles.errors import Unreadable
from extraction.confined.limits import Limits
from extraction.documents import paper
from extraction.documents.flow import Flow
from extraction.documents.paper import Block, Paper
from extraction.documents.word_file import Paragraph, WordFile

_ADVICE = (
    "Save it as .docx in Word or LibreOffice (`soffice --headless --convert-to docx FILE`),"
    " and drop that."
)
_SECRET = "Take the password off, save it and drop it again."  # noqa: S105
_MAIN, _TABLES = "WordDocument", ("0Table", "1Table")
_OF_97, _OF_95 = 0xA5EC, 0xA5DC
_COMPLEX, _ENCRYPTED, _OTHER_TABLE = 0x0004, 0x0100, 0x0200
#: Ends of paragraphs, also at the end of a page or column, and of cells; around codes of fields.
_CELL, _ENDED, _FIELDS = "\x07", re.compile("[\r\x07\x0c\x0e]"), re.compile("([\x13-\x15])")
#: Line ends, hyphens, and what stands for pictures, notes and what is gone.
_GONE = dict.fromkeys("\0\1\2\3\4\5\6\x08")
_SIGNS = str.maketrans({"\x0b": "\n", "\x1e": "-", "\x1f": "\xad", **_GONE})
_UTF_8, _LONGEST, _NO_YEAR = 65_001, 2_000, 1601
_FAULTS = (
    *(OleFileError, OSError, struct.error, ValueError, LookupError, TypeError, AttributeError),
    *(ArithmeticError, RecursionError),
)


def read_doc(data: bytes, limits: Limits) -> Paper:  # noqa: ARG001  (as all readers)
    """Raises ``Unreadable`` where it is none, encrypted or broken."""
    try:
        with OleFileIO(BytesIO(data)) as file:
            return _read(file)
    except _FAULTS as fault:
        said = f"This old Office document is broken: {type(fault).__name__}: {fault}."
        raise Unreadable(said[:300], _ADVICE) from fault


def _read(file: Any) -> Paper:
    if not file.exists(_MAIN):
        said = "This is an old Office document (.ppt, .mdb or another), and none of Word's."
        raise Unreadable(said, "Save its text as plain text (UTF-8, ending .txt) and drop that.")
    main = file.openstream(_MAIN).read()
    mark, flags = struct.unpack_from("<H", main)[0], struct.unpack_from("<H", main, 0x0A)[0]
    if flags & _ENCRYPTED:
        raise Unreadable("This Word document is encrypted.", _SECRET)
    if mark == _OF_95:
        return Paper(_old_blocks(main, flags), _properties(file))
    if mark != _OF_97:
        raise Unreadable("This is a Word document of before 1993.", _ADVICE)
    word = WordFile(main, file.openstream(_TABLES[bool(flags & _OTHER_TABLE)]).read())
    return Paper(_blocks(word), _properties(file))


def _old_blocks(main: bytes, flags: int) -> list[Block]:
    """Of Word 6 and 95, whose text lies in one piece unless it was saved in a hurry."""
    if flags & _COMPLEX:
        raise Unreadable("This Word document of 1993 to 1996 was saved in pieces.", _ADVICE)
    (begin,), (count,) = struct.unpack_from("<I", main, 0x18), struct.unpack_from("<I", main, 0x34)
    text = _Fields().without_codes(main[begin : begin + count].decode("cp1252", "replace"))
    lines = (_plain(line).strip() for line in _ENDED.split(text))
    return [Block(paper.TEXT, line) for line in lines if line]


class _Fields:
    """Takes the codes of fields out of a text that comes in stretches, and leaves their results."""

    def __init__(self) -> None:
        self._in_code: list[bool] = []

    def without_codes(self, text: str) -> str:
        kept: list[str] = []
        for part in _FIELDS.split(text):
            if part == "\x13":
                self._in_code.append(True)
            elif part == "\x14" and self._in_code:
                self._in_code[-1] = False
            elif part == "\x15" and self._in_code:
                self._in_code.pop()
            elif not any(self._in_code):
                kept.append(part)
        return "".join(kept)


def _stretches(word: WordFile) -> Iterator[tuple[str, str, Paragraph]]:
    """Yield texts up to ends of paragraphs, cells and rows: the text, the end, what it is."""
    fields, pending = _Fields(), ""
    for piece in word.pieces():
        begins = 0
        for end in _ENDED.finditer(piece.text):
            text = fields.without_codes(pending + piece.text[begins : end.start()])
            paragraph = word.paragraph(piece.place + end.start() * piece.width)
            yield _plain(text), end[0], paragraph
            begins, pending = end.end(), ""
        pending += piece.text[begins:]
    yield _plain(fields.without_codes(pending)), "", Paragraph()


def _blocks(word: WordFile) -> list[Block]:
    flow, in_row = Flow(), False
    for text, end, paragraph in _stretches(word):
        if paragraph.in_table != in_row:
            in_row = paragraph.in_table
            _begin_row(flow) if in_row else flow.end_row()
        flow.begin(word.styles.kind(paragraph.style))
        flow.add(text)
        flow.end()
        if in_row and paragraph.ends_row:
            flow.end_row()
            in_row = False
        elif in_row and end == _CELL:
            flow.begin_cell()
    return flow.blocks


def _begin_row(flow: Flow) -> None:
    flow.begin_row()
    flow.begin_cell()


def _plain(text: str) -> str:
    """Without signs that stand for something else; letters of two units as one."""
    units = text.translate(_SIGNS).encode("utf-16-le", "surrogatepass")
    return units.decode("utf-16-le", "replace")


def _properties(file: Any) -> dict[str, str]:
    """What it says of itself; that this is broken costs no text."""
    try:
        told = file.get_metadata()
    except _FAULTS:
        return {}
    codec = _codec(told.codepage)
    known = {
        "title": _string(told.title, codec),
        "author": _string(told.author, codec),
        "created": _day(told.create_time),
        "modified": _day(told.last_saved_time),
    }
    return {name: text for name, text in known.items() if text}


def _codec(page: object) -> str:
    return "utf-8" if page in {_UTF_8, _UTF_8 - 0x10000} else "cp1252"


def _string(told: object, codec: str) -> str:
    """It is cut at its first NUL; blanks are one."""
    text = told.decode(codec, "replace") if isinstance(told, bytes) else str(told or "")
    return " ".join(text.partition("\0")[0].split())[:_LONGEST]


def _day(told: object) -> str:
    """A file without a time has that at which times begin there, in 1601."""
    if not isinstance(told, datetime) or told.year == _NO_YEAR:
        return ""
    return told.date().isoformat()
