"""The words of a PDF's page with their places, as PDFium has them."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import pypdfium2.raw as pdfium
from pypdfium2 import PdfTextPage

#: PDFium has U+0002 and U+FFFE for a hyphen at the end of a line, behind which it goes on.
_HYPHENS = "\x02\ufffe\xad"
#: Of these PDFium gives the height of the sign, and not that of its font.
_LOW = f"-{_HYPHENS}"
_WORD = re.compile(rf"[^\s{_HYPHENS}\x00\x01]+[{_HYPHENS}]?|[{_HYPHENS}]")
_PLAIN = str.maketrans(
    {"\ufb00": "ff", "\ufb01": "fi", "\ufb02": "fl", "\ufb03": "ffi", "\ufb04": "ffl"}
    | dict.fromkeys(_HYPHENS, "-")
)
#: How much larger than what follows the first letter of a text is that stands beside several lines.
_INITIAL = 1.8
#: Of the size of a letter: so near stands what follows a hyphen of the same word.
_NEAR = 0.3


@dataclass(slots=True)
class Word:
    """From ``left`` to ``right`` on the line ``base``, upwards from the page's foot, in points.

    ``size`` is the height of its font.
    """

    text: str
    left: float
    right: float
    base: float
    size: float


def words_of(page: PdfTextPage) -> list[Word]:
    """Return the words in the order in which the page draws them."""
    return list(_with_initials(_words(page)))


def _words(page: PdfTextPage) -> Iterator[Word]:
    x, y, box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
    characters = _characters(page)
    for match in _WORD.finditer(characters):
        text = match[0]
        pieces: Iterable[tuple[int, str]] = ((match.start(), text),)
        if "-" in text[:-1]:
            pieces = _pieces(page, match.start(), text)
        for first, piece in pieces:
            if not pdfium.FPDFText_GetCharOrigin(page, first, x, y):
                continue
            if not pdfium.FPDFText_GetLooseCharBox(page, first + len(piece) - 1, box):
                continue
            left, right, size = x.value, box.right, abs(box.top - box.bottom)
            if piece[-1] in _LOW and pdfium.FPDFText_GetLooseCharBox(page, first, box):
                size = abs(box.top - box.bottom)  # a hyphen has a height of its own
            plain = piece if piece.isalnum() and piece.isascii() else piece.translate(_PLAIN)
            yield Word(plain, left, max(left, right), y.value, size)


def _pieces(page: PdfTextPage, first: int, text: str) -> Iterator[tuple[int, str]]:
    """Yield the parts of a word behind whose hyphens it goes on elsewhere.

    PDFium takes a hyphen and what is drawn next for one word, on whatever line that is.
    """
    x, y, box = ctypes.c_double(), ctypes.c_double(), pdfium.FS_RECTF()
    pdfium.FPDFText_GetLooseCharBox(page, first, box)
    pdfium.FPDFText_GetCharOrigin(page, first, x, y)
    begin, line, near = 0, y.value, _NEAR * abs(box.top - box.bottom)
    for end in (at + 1 for at, character in enumerate(text[:-1]) if character == "-"):
        pdfium.FPDFText_GetLooseCharBox(page, first + end - 1, box)
        pdfium.FPDFText_GetCharOrigin(page, first + end, x, y)
        if abs(y.value - line) > near or abs(x.value - box.right) > near:
            yield first + begin, text[begin:end]
            begin, line = end, y.value
    yield first + begin, text[begin:]


def _characters(page: PdfTextPage) -> str:
    """Return one character for each that PDFium counts."""
    count = pdfium.FPDFText_CountChars(page)
    if count <= 0:
        return ""
    buffer = (ctypes.c_ushort * (count + 1))()
    written = pdfium.FPDFText_GetText(page, 0, count, buffer)
    if written == count + 1:
        return bytes(buffer)[: 2 * count].decode("utf-16-le", "replace")
    codes = (pdfium.FPDFText_GetUnicode(page, at) for at in range(count))
    return "".join(chr(code) if code < 0x11_0000 else "\ufffd" for code in codes)  # noqa: PLR2004


def _with_initials(words: Iterator[Word]) -> Iterator[Word]:
    """Put a first letter that stands beside several lines to its word."""
    before: Word | None = None
    for word in words:
        if before is not None:
            begins = before.size > _INITIAL * word.size and word.left >= before.left
            if begins and word.text[:1].islower():
                word = replace(word, text=before.text + word.text, left=before.left)  # noqa: PLW2901
            else:
                yield before
        initial = len(word.text) == 1 and word.text.isupper()
        before = word if initial else None
        if not initial:
            yield word
    if before is not None:
        yield before
