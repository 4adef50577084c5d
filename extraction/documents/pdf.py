"""PDF: the text of its pages in the order in which people read it, by PDFium."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import closing
from typing import Any

from pypdfium2 import PdfDocument, PdfiumError, PdfPage
from pypdfium2 import raw as pdfium

from articles.errors import Unreadable
from extraction.confined.limits import Limits
from extraction.documents.layout import columns
from extraction.documents.paper import Paper
from extraction.documents.paragraphs import blocks_of
from extraction.documents.running import without_running
from extraction.documents.scan import largest_image
from extraction.documents.words import Word, words_of

_BROKEN = "Open it in a reader of PDF, print it into a new PDF and drop that, or its text."
_SECRET = "Open it with its password, print it into a PDF without one and drop that."  # noqa: S105
_PAGES = "Split it into one file an article, or raise DEPESCHE_READER_PAGES."
_DATE = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?")
_PROPERTIES = {"Title": "title", "Author": "author"}
_TIMES = {"CreationDate": "created", "ModDate": "modified"}
#: So many words at most are stamped on a scan, whose image covers so much of the page.
_STAMP, _MOST_OF_IT = 15, 0.7
_NO_TEXT = "Pages without text, which are empty or images"
_NO_PAGE = "Pages that are broken and were left out"


#: The words of a page by its number, as text: text, left, right, base, size (``words.Word``).
Known = Mapping[str, Sequence[Sequence[Any]]]


def read_pdf(data: bytes, limits: Limits, known: Known | None = None) -> Paper:
    """Raises ``Unreadable`` where it is broken, encrypted, too long or blank.

    ``known``: the words of pages that are images, which somebody else has read.
    """
    try:
        document = PdfDocument(data)
    except PdfiumError as fault:
        if pdfium.FPDF_GetLastError() == pdfium.FPDF_ERR_PASSWORD or "assword" in str(fault):
            raise Unreadable("This PDF is encrypted, and needs a password.", _SECRET) from fault
        raise Unreadable(f"This PDF is broken: {fault}", _BROKEN) from fault
    with closing(document):
        if len(document) > limits.pages:
            said = f"This PDF has {len(document):,} pages, more than {limits.pages:,}."
            raise Unreadable(said, _PAGES)
        pages, scanned, warnings = _pages(document, known or {})
        read = [column for words in without_running(pages) for column in columns(words)]
        blocks, properties = blocks_of(read), _properties(document)
        return Paper(blocks, properties, warnings, wrapped=True, scanned=scanned)


def _pages(document: PdfDocument, known: Known) -> tuple[list[list[Word]], list[int], list[str]]:
    """Return the words of each page, which are scanned, and warnings of those without words."""
    pages: list[list[Word]] = []
    broken: list[int] = []
    scanned: list[int] = []
    for number in range(1, len(document) + 1):
        try:
            with closing(document[number - 1]) as page:
                told = [Word(*word) for word in known.get(str(number), ())]
                words = told or _words(page)
                if not told and _is_scan(page, words):
                    scanned.append(number)
        except PdfiumError:
            words = []
            broken.append(number)
        pages.append(words)
    if len(broken) == len(pages):
        raise Unreadable("This PDF is broken: none of its pages can be read.", _BROKEN)
    if not any(words for n, words in enumerate(pages, 1) if n not in scanned):
        pages = [[] for _ in pages]  # what is on them is stamped
    empty = [n for n, words in enumerate(pages, 1) if not words and n not in broken]
    if len(empty) + len(broken) == len(pages) and not scanned:
        raise Unreadable("This PDF's pages are blank.", _BROKEN)
    return pages, scanned, [*_named(_NO_TEXT, empty), *_named(_NO_PAGE, broken)]


def _is_scan(page: PdfPage, words: Sequence[Word]) -> bool:
    """Tell a page that shows something and has no text, or what whoever scanned it put on it."""
    if not words:
        return bool(pdfium.FPDFPage_CountObjects(page))
    return len(words) <= _STAMP and largest_image(page)[0] >= _MOST_OF_IT


def _named(what: str, pages: list[int]) -> list[str]:
    return [f"{what}: {', '.join(map(str, pages[:20]))}."] if pages else []


def _words(page: PdfPage) -> list[Word]:
    with closing(page.get_textpage()) as text:
        return words_of(text)


def _properties(document: PdfDocument) -> dict[str, str]:
    given = document.get_metadata_dict(skip_empty=True)
    known = {
        name: " ".join(given[key].split()) for key, name in _PROPERTIES.items() if key in given
    }
    for key, name in _TIMES.items():
        if date := _DATE.match(given.get(key, "")):
            known[name] = "-".join(part or "01" for part in date.groups())
    return known
