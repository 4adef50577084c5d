"""A PDF's pages that are pictures -> their words, by a reader of pages and tesseract in turn."""

from __future__ import annotations

import time
from base64 import b64decode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from articles.errors import TooSlow, Unreadable
from extraction.confined.limits import Limits
from extraction.confined.program import Failed, Late
from extraction.confined.reading import read_confined
from extraction.ocr.hocr import Found, sureness, words_of
from extraction.ocr.tesseract import INSTALL, Missing, Tesseract, tesseract

_SCAN = "This PDF holds images of its pages and no text (a scan)"
_OTHERS = "let a program for that read it (`ocrmypdf -l deu old.pdf new.pdf`) and drop the new one"
_FEWER = f"Split it, raise {{}}, or {_OTHERS}."
#: Of what it is less sure, of 100, is no text but a picture.
_LEAST = 55.0
_SHOWN = 20


#: How the warning begins of an article that was read so.
BY_OCR = "Read by OCR"


@dataclass(frozen=True, slots=True)
class Recognised:
    """Words by page, as the reader of PDF takes them, and what is to be said about them."""

    pages: dict[str, list[list[Any]]]
    warnings: list[str]


def recognised(data: bytes, scanned: Sequence[int], limits: Limits) -> Recognised:
    """Read the ``scanned`` pages of a PDF, numbered from 1.

    Raises ``Unreadable`` where there is no OCR, they are too many or hold no words, ``TooSlow``
    where it takes too long, and ``OSError`` where no process can be begun.
    """
    program = _program(limits)
    if len(scanned) > limits.ocr_pages:
        said = f"{_SCAN}, on {len(scanned):,} pages: OCR reads {limits.ocr_pages:,} at most."
        raise Unreadable(said, _FEWER.format("DEPESCHE_READER_OCR_PAGES"))
    until = time.monotonic() + limits.ocr_seconds
    read = {page: _page(program, data, page, limits, until) for page in scanned}
    found = {page: words for page, words in read.items() if sureness(words) >= _LEAST}
    if not found:
        raise Unreadable(f"{_SCAN}, and OCR finds no words on them.", "Scan it anew, upright.")
    sure = sureness([word for words in found.values() for word in words])
    said = f"{BY_OCR} (tesseract), which is sure of {sure:.0f} %: {_named(found)}."
    return Recognised({str(page): _told(words) for page, words in found.items()}, [said])


def _program(limits: Limits) -> Tesseract:
    if not limits.ocr_pages:
        said = f"{_SCAN}, and OCR is switched off (DEPESCHE_READER_OCR_PAGES=0)."
        raise Unreadable(said, f"Switch it on, or {_OTHERS}.")
    try:
        return tesseract()
    except Missing as fault:
        said = f"{_SCAN}, which cannot be read here: {fault}."
        raise Unreadable(said, f"{INSTALL} and run `depesche retry`, or {_OTHERS}.") from fault


def _page(program: Tesseract, data: bytes, page: int, limits: Limits, until: float) -> list[Found]:
    drawn = read_confined("scan", data, limits, page)
    try:
        picture, height, dpi = _picture(drawn)
        hocr = program.hocr(picture, dpi, max(0.1, until - time.monotonic()))
    except Late as fault:
        raise TooSlow(
            f"{_SCAN}, and OCR takes longer than {limits.ocr_seconds} seconds for them.",
            _FEWER.format("DEPESCHE_READER_OCR_SECONDS"),
        ) from fault
    except Failed as fault:
        raise Unreadable(
            f"{_SCAN}, and OCR fails on page {page}: {fault}.", f"{_OTHERS}.".capitalize()
        ) from fault
    return words_of(hocr, height, dpi)


def _picture(drawn: Any) -> tuple[bytes, int, int]:
    """Return it as PNM, its height, and how many pixels are an inch."""
    try:
        width, height, dpi = (int(drawn[name]) for name in ("width", "height", "dpi"))
        pixels = b64decode(drawn["pixels"], validate=True)
    except (LookupError, TypeError, ValueError) as fault:
        raise Failed("its picture is none") from fault
    if min(width, height, dpi) < 1 or len(pixels) != width * height:
        raise Failed("its picture is none")
    return b"P5 %d %d 255\n%b" % (width, height, pixels), height, dpi


def _told(words: Iterable[Found]) -> list[list[Any]]:
    return [[w.text, w.left, w.right, w.base, w.size] for w in words]


def _named(pages: Iterable[int]) -> str:
    listed = list(pages)
    numbers = ", ".join(map(str, listed[:_SHOWN]))
    more = f" and {len(listed) - _SHOWN} more" if len(listed) > _SHOWN else ""
    return f"{'page' if len(listed) == 1 else 'pages'} {numbers}{more}"
