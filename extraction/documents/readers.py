"""Which reader reads which kind of document."""

from __future__ import annotations

from codecs import lookup
from collections.abc import Callable, Mapping
from typing import Any

from extraction.confined.limits import NORMAL, Limits
from extraction.documents import outlook
from extraction.documents.docx import read_docx
from extraction.documents.epub import read_epub
from extraction.documents.odt import read_odt
from extraction.documents.paper import Paper
from extraction.documents.pdf import read_pdf
from extraction.documents.rtf import read_rtf
from extraction.documents.samples import samples, workbook
from extraction.documents.seven_zip import read_seven_zip, sample
from extraction.documents.sheet import read_sheet

READERS: Mapping[str, Callable[[bytes, Limits], Paper]] = {
    "docx": read_docx,
    "epub": read_epub,
    "odt": read_odt,
    "pdf": read_pdf,
    "rtf": read_rtf,
}
#: Those of containers, which tell a long file in parts.
IN_PARTS: Mapping[str, Callable[[bytes, Limits, int], dict[str, Any]]] = {
    "sheet": lambda data, limits, start: read_sheet(data, limits, start).as_json(),
    "7z": read_seven_zip,
    "msg": outlook.read_outlook,
}
#: What documents name as their encoding; a confined process can load none any more.
_ENCODINGS = (
    "ascii cp437 cp850 cp1250 cp1251 cp1252 cp1253 cp1254 cp1257 iso8859-1 iso8859-2 iso8859-5"
    " iso8859-15 koi8-r mac-roman utf-8 utf-8-sig utf-16 utf-16-le utf-16-be utf-32 idna"
)


def read(kind: str, data: bytes, limits: Mapping[str, int], start: int = 0) -> dict[str, Any]:
    """Return a document as ``Paper.as_json`` has it, or rows, or a mail. Raises ``Unreadable``."""
    if kind in IN_PARTS:
        return IN_PARTS[kind](data, Limits(**limits), start)
    return READERS[kind](data, Limits(**limits)).as_json()


def warm() -> None:
    """Load what is loaded when it is first needed: a confined process can open no file.

    Libraries import in the middle of their work; so each reader reads a document of ours.
    """
    for name in _ENCODINGS.split():
        lookup(name)
    for kind, data in samples().items():
        READERS[kind](data, NORMAL)
    read_sheet(workbook(), NORMAL)
    read_seven_zip(sample(), NORMAL)
    outlook.warm()
