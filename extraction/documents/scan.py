"""The picture of a PDF's page, for a program that reads pictures (OCR)."""

from __future__ import annotations

from base64 import b64encode
from contextlib import closing
from math import sqrt
from typing import Any

from pypdfium2 import PdfBitmap, PdfDocument, PdfiumError, PdfPage
from pypdfium2 import raw as pdfium

from articles.errors import Unreadable

_POINTS = 72
#: To the inch. A scan is drawn as it was scanned: what lies between its grains is made up. With
#: fewer than the least tesseract takes letters for others, so then it is better made up.
_LEAST, _FINE = 150, 300
_DEEPEST = 3
#: Of a picture, which are as many bytes; the answer of a reader must hold them.
_MOST_PIXELS = 32_000_000
_BROKEN = "Open it in a reader of PDF, print it into a new PDF and drop that, or its text."


def picture(data: bytes, number: int) -> dict[str, Any]:
    """Return page ``number``, from 1: ``width`` and ``height`` in pixels, ``dpi``, ``pixels``.

    These are a byte each, 0 for black, row by row from the top, all in base64.
    """
    try:
        with closing(PdfDocument(data)) as document, closing(document[number - 1]) as page:
            dpi = min(_fine(page), _most(page.get_width(), page.get_height()))
            with closing(page.render(scale=dpi / _POINTS, grayscale=True)) as bitmap:
                pixels = b64encode(_rows(bitmap)).decode()
                size = {"width": bitmap.width, "height": bitmap.height}
    except (PdfiumError, ValueError) as fault:
        raise Unreadable(f"Page {number} of this PDF cannot be drawn: {fault}", _BROKEN) from fault
    return {**size, "dpi": dpi, "pixels": pixels}


def largest_image(page: PdfPage) -> tuple[float, int]:
    """Return how much of a page its largest image covers, and its dots to the inch; 0, 0: none."""
    covered, dpi = 0.0, 0
    for image in page.get_objects([pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=_DEEPEST):
        left, bottom, right, top = image.get_bounds()
        area = (right - left) * (top - bottom)
        if area > covered:
            covered, dpi = area, round(_POINTS * image.get_px_size()[0] / (right - left))
    return covered / max(1.0, page.get_width() * page.get_height()), dpi


def _fine(page: PdfPage) -> int:
    _, dpi = largest_image(page)
    return dpi if _LEAST <= dpi <= _FINE else _FINE


def _most(width: float, height: float) -> int:
    """``width`` and ``height`` in points. A page as large as a wall gets fewer."""
    inches = max(1.0, width * height / _POINTS**2)
    return max(1, int(sqrt(_MOST_PIXELS / inches)))


def _rows(bitmap: PdfBitmap) -> bytes:
    """Without the bytes that fill up each row."""
    pixels, width, stride = bytes(bitmap.buffer), bitmap.width, bitmap.stride
    if width == stride:
        return pixels
    return b"".join(pixels[at : at + width] for at in range(0, stride * bitmap.height, stride))
