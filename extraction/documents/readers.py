"""Which reader reads which kind of document."""

from __future__ import annotations

from codecs import lookup
from collections.abc import Callable, Mapping
from typing import Any

from extraction.confined.limits import NORMAL, Limits
from extraction.documents.doc import read_doc
from extraction.documents.docx import read_docx
from extraction.documents.epub import read_epub
from extraction.documents.odt import read_odt
from extraction.documents.paper import Paper
from extraction.documents.pdf import read_pdf
from extraction.documents.rtf import read_rtf
from extraction.documents.samples import samples
from extraction.documents.scan import picture

READERS: Mapping[str, Callable[[bytes, Limits], Paper]] = {
    "doc": read_doc,
    "docx": read_docx,
    "epub": read_epub,
    "odt": read_odt,
    "pdf": read_pdf,
    "rtf": read_rtf,
}
#: What documents name as their encoding; a confined process can load none any more.
_ENCODINGS = (
    "ascii cp437 cp850 cp1250 cp1251 cp1252 cp1253 cp1254 cp1257 iso8859-1 iso8859-2 iso8859-5"
    " iso8859-15 koi8-r mac-roman utf-8 utf-8-sig utf-16 utf-16-le utf-16-be utf-32 idna"
)


def read(
    kind: str, data: bytes, limits: Mapping[str, int], start: int = 0, known: Any = None
) -> dict[str, Any]:
    """Return a document as ``Paper.as_json`` has it. Raises ``Unreadable``.

    Of ``scan``, the picture of the page ``start`` of a PDF, whose words, once they are read, are
    ``known`` to the reader of the whole.
    """
    if kind == "scan":
        return picture(data, start)
    if kind == "pdf" and known:
        return read_pdf(data, Limits(**limits), known).as_json()
    return READERS[kind](data, Limits(**limits)).as_json()


def warm() -> None:
    """Load what is loaded when it is first needed: a confined process can open no file.

    Libraries import in the middle of their work; so each reader reads a document of ours.
    """
    load_encodings()
    known = samples()
    for kind, data in known.items():
        READERS[kind](data, NORMAL)
    picture(known["pdf"], 1)


def load_encodings() -> None:
    """Load those that documents name."""
    for name in _ENCODINGS.split():
        lookup(name)
