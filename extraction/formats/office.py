"""Documents of word processors and pages: recognised here, read in a process of their own."""

from __future__ import annotations

from dataclasses import replace

from articles.errors import ArticleFault, Unreadable
from extraction.confined.reading import read_confined
from extraction.documents.paper import Paper, paper_of
from extraction.formats.draft import Draft
from extraction.formats.format import Format, RawFile
from extraction.formats.packed_names import Packed, packed
from extraction.formats.papers import article_values
from extraction.formats.values import from_values
from extraction.ocr.scans import recognised

_ADVICE = "Save its text as plain text (UTF-8, ending .txt) with the headline as its first line."
#: How files of Microsoft's compound format begin: .doc, .xls, .msg (MS-CFB).
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP, _RTF = b"PK\x03\x04", b"{\\rtf"
#: Some programs write what they like before it; every reader of PDF looks so far.
_PDF, _BEFORE_PDF = b"%PDF-", 1_024
_HEAD, _TAIL = 4_096, 65_536
#: The ends of names of what is packed and is a document, whatever is in it.
ENDINGS = (".odt", ".epub", ".docx")


def _kind(file: RawFile) -> str:
    """Return which reader reads it, "" for none."""
    if _PDF in file.data[:_BEFORE_PDF]:
        return "pdf"
    if file.data.startswith(_RTF):
        return "rtf"
    if file.data.startswith(OLE):
        return "doc"
    if not file.data.startswith(_ZIP):
        return ""
    by_name = (ending[1:] for ending in ENDINGS if file.ends_in(ending))
    return packed_kind(packed(file.data[:_HEAD], file.data[-_TAIL:])) or next(by_name, "")


def packed_kind(archive: Packed) -> str:
    """Return which reader reads a ZIP archive; "" for none."""
    if "[Content_Types].xml" in archive.names and archive.has_below("word/"):
        return "docx"
    if b"vnd.oasis.opendocument.text" in archive.mimetype:
        return "odt"
    # Who packs a book anew often puts the name of the format anywhere.
    if b"application/epub+zip" in archive.mimetype or "META-INF/container.xml" in archive.names:
        return "epub"
    return ""


def read_document(file: RawFile) -> tuple[Draft, ...]:
    """Read one. Raises ``Unreadable`` and ``TooSlow``."""
    kind = _kind(file)
    try:
        paper = paper_of(read_confined(kind, file.data, file.limits))
        if paper.scanned:
            paper = _with_scans(paper, file)
    except ValueError as fault:
        raise Unreadable(f"Its reader said what is no document: {fault}.", _ADVICE) from fault
    if not any(block.text.strip() for block in paper.blocks):
        raise Unreadable("It holds no text.", _ADVICE)
    values, warnings = article_values(paper)
    return (from_values(kind, values, _ADVICE, warnings),)


def _with_scans(paper: Paper, file: RawFile) -> Paper:
    """Return it with the text of its pages that are images, if it can be had.

    Raises ``ArticleFault`` where it has no other.
    """
    try:
        known = recognised(file.data, paper.scanned, file.limits)
    except ArticleFault as fault:
        if not paper.blocks:
            raise
        return replace(paper, warnings=[*paper.warnings, f"No OCR: {fault.reason}"])
    whole = paper_of(read_confined("pdf", file.data, file.limits, known=known.pages))
    return replace(whole, warnings=[*known.warnings, *whole.warnings])


def _recognises(file: RawFile) -> bool:
    return _kind(file) != ""


FORMAT = Format(_recognises, read_document)
