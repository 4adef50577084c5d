"""PDF: the text of its pages in the order in which people read it, by PDFium."""

from __future__ import annotations

import re
from contextlib import closing

from pypdfium2 import PdfDocument, PdfiumError, PdfPage
from pypdfium2 import raw as pdfium

from articles.errors import Unreadable
from extraction.confined.limits import Limits
from extraction.documents.layout import columns
from extraction.documents.paper import Paper
from extraction.documents.paragraphs import blocks_of
from extraction.documents.running import without_running
from extraction.documents.words import Word, words_of

_BROKEN = "Open it in a reader of PDF, print it into a new PDF and drop that, or its text."
_SECRET = "Open it with its password, print it into a PDF without one and drop that."  # noqa: S105
_SCANNED = (
    "Let a program for that read it (`ocrmypdf -l deu old.pdf new.pdf`), and drop the new one."
)
_PAGES = "Split it into one file an article, or raise DEPESCHE_READER_PAGES."
_DATE = re.compile(r"D:(\d{4})(\d\d)?(\d\d)?")
_PROPERTIES = {"Title": "title", "Author": "author"}
_TIMES = {"CreationDate": "created", "ModDate": "modified"}
_NO_TEXT = "Pages without text, which are empty or images"
_NO_PAGE = "Pages that are broken and were left out"


def read_pdf(data: bytes, limits: Limits) -> Paper:
    """Raises ``Unreadable`` where it is broken, encrypted, too long, or holds images alone."""
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
        pages, warnings = _pages(document)
        read = [column for words in without_running(pages) for column in columns(words)]
        return Paper(blocks_of(read), _properties(document), warnings, wrapped=True)


def _pages(document: PdfDocument) -> tuple[list[list[Word]], list[str]]:
    """Return the words of each page, and warnings of those that have none."""
    pages: list[list[Word]] = []
    broken: list[int] = []
    for number in range(len(document)):
        try:
            with closing(document[number]) as page:
                pages.append(_words(page))
        except PdfiumError:
            pages.append([])
            broken.append(number + 1)
    if len(broken) == len(pages):
        raise Unreadable("This PDF is broken: none of its pages can be read.", _BROKEN)
    empty = [n for n, words in enumerate(pages, 1) if not words and n not in broken]
    if len(empty) + len(broken) == len(pages):
        raise Unreadable("This PDF holds images of its pages and no text (a scan).", _SCANNED)
    return pages, [*_named(_NO_TEXT, empty), *_named(_NO_PAGE, broken)]


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
