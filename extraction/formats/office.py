"""Documents of word processors and pages: recognised here, read in a process of their own."""

from __future__ import annotations

from articles.errors import Unreadable
from extraction.confined.reading import read_confined
from extraction.documents.paper import paper_of
from extraction.formats.draft import Draft
from extraction.formats.format import Format, RawFile
from extraction.formats.papers import article_values
from extraction.formats.values import from_values

_ADVICE = "Save its text as plain text (UTF-8, ending .txt) with the headline as its first line."
_ZIP, _RTF = b"PK\x03\x04", b"{\\rtf"
#: Some programs write what they like before it; every reader of PDF looks so far.
_PDF, _BEFORE_PDF = b"%PDF-", 1_024
_HEAD, _TAIL = 4_096, 65_536
#: What is found in the head or the table of contents of the archive.
_PACKED: tuple[tuple[tuple[bytes, ...], str], ...] = (
    ((b"[Content_Types].xml", b"word/"), "docx"),
    ((b"vnd.oasis.opendocument.text",), "odt"),
    ((b"application/epub+zip",), "epub"),
)
_ENDINGS = ("odt", "epub", "docx")


def _kind(file: RawFile) -> str:
    """Return which reader reads it, "" for none."""
    if _PDF in file.data[:_BEFORE_PDF]:
        return "pdf"
    if file.data.startswith(_RTF):
        return "rtf"
    if not file.data.startswith(_ZIP):
        return ""
    parts = file.data[:_HEAD] + file.data[-_TAIL:]
    # Some programs pack the name of the format, which is to stand in clear.
    by_name = (ending for ending in _ENDINGS if file.ends_in(f".{ending}"))
    return packed_kind(parts) or next(by_name, "")


def packed_kind(ends: bytes) -> str:
    """Return which reader reads a ZIP archive, by its beginning and end; "" for none."""
    kinds = (kind for marks, kind in _PACKED if all(mark in ends for mark in marks))
    return next(kinds, "")


def read_document(file: RawFile) -> tuple[Draft, ...]:
    """Read one. Raises ``Unreadable`` and ``TooSlow``."""
    kind = _kind(file)
    try:
        paper = paper_of(read_confined(kind, file.data, file.limits))
    except ValueError as fault:
        raise Unreadable(f"Its reader said what is no document: {fault}.", _ADVICE) from fault
    if not any(block.text.strip() for block in paper.blocks):
        raise Unreadable("It holds no text.", _ADVICE)
    values, warnings = article_values(paper)
    return (from_values(kind, values, _ADVICE, warnings),)


def _recognises(file: RawFile) -> bool:
    return _kind(file) != ""


FORMAT = Format(_recognises, read_document)
