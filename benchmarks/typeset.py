"""Newspaper pages as PDFs: justified, hyphenated, in columns, with a head, a foot and a headline.

Drawn in Times with PDFium's own widths, from sample articles, so that what is right is known.
``[benchmarks]`` brings what hyphenates (pyphen).
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from math import cos, radians, sin

import pypdfium2.raw as pdfium
from pypdfium2 import PdfDocument

WIDTH, HEIGHT, MARGIN, GUTTER = 595, 842, 50, 18
_LEADING = 1.2
Drawn = tuple[float, float, float, str]


@dataclass(frozen=True, slots=True)
class Page:
    """A PDF of a page or more, its words in the order of reading, and those that it breaks."""

    data: bytes
    words: tuple[str, ...]
    broken: tuple[str, ...]


def typeset(
    headline: str,
    paragraphs: list[str],
    columns: int,
    *,
    day: str = "",
    size: float = 9.5,
    askew: float = 0.0,
) -> Page:
    """Return an article on as many pages as it takes; ``askew`` in degrees."""
    width_of = _widths()
    wide = (WIDTH - 2 * MARGIN - (columns - 1) * GUTTER) / columns
    lines: list[tuple[bool, list[str]]] = []
    broken: list[str] = []
    for paragraph in paragraphs:
        for number, line in enumerate(_lines(paragraph.split(), wide / size, width_of, broken)):
            lines.append((number == 0, line))
    pages: list[list[Drawn]] = []
    top = HEIGHT - 60.0
    drawn: list[Drawn] = []
    for line in _lines(headline.split(), (WIDTH - 2 * MARGIN) / 24, width_of, []):
        top -= 28
        drawn.append((MARGIN, top, 24.0, " ".join(line)))
    if day:
        top -= 24
        drawn.append((MARGIN, top, size, day))
    at, top = 0, top - 30
    while at < len(lines):
        for column in range(columns):
            x, y = MARGIN + column * (wide + GUTTER), top
            while y > 70 and at < len(lines):
                first, line = lines[at]
                last = at + 1 == len(lines) or lines[at + 1][0]
                drawn += _justified(
                    line,
                    x + (10 if first else 0),
                    y,
                    wide - (10 if first else 0),
                    size,
                    width_of,
                    last=last,
                )
                y -= _LEADING * size
                at += 1
        drawn += [
            (MARGIN, HEIGHT - 40, 8.0, "Musterstädter Anzeiger"),
            (WIDTH / 2, 40, 8.0, str(len(pages) + 4)),
        ]
        pages.append(drawn)
        drawn, top = [], HEIGHT - 80.0
    words = " ".join([headline, *paragraphs]).split()
    return Page(_pdf(pages, askew), tuple(words), tuple(broken))


def _widths() -> Callable[[str], float]:
    """Return what tells how wide a text is, in sizes of its letters."""
    document = PdfDocument.new()
    font = pdfium.FPDFText_LoadStandardFont(document, b"Times-Roman")
    width = ctypes.c_float()
    known: dict[str, float] = {}
    for code in range(32, 256):
        letter = bytes([code]).decode("cp1252", "ignore")
        if letter and pdfium.FPDFFont_GetGlyphWidth(font, ord(letter), 1000.0, width):
            known[letter] = width.value / 1000
    document.close()
    return lambda text: sum(known.get(letter, 0.5) for letter in text)


def _lines(
    words: list[str], width: float, width_of: Callable[[str], float], broken: list[str]
) -> Iterator[list[str]]:
    hyphenate = import_module("pyphen").Pyphen(lang="de_DE")
    blank = width_of("n") / 2
    line: list[str] = []
    used, indent = 0.0, 1.2
    for whole in words:
        word = whole
        while used + width_of(word) > width - indent:
            left = width - indent - used
            halves = hyphenate.iterate(word) if word.isalpha() and len(word) > 6 else ()
            fit = next((h for h in halves if width_of(h[0] + "-") <= left), None)
            if fit:
                line.append(fit[0] + "-")
                broken.append(whole)
                word = fit[1]
            elif not line:
                break
            yield line
            line, used, indent = [], 0.0, 0.0
        line.append(word)
        used += width_of(word) + blank
    if line:
        yield line


def _justified(
    line: list[str],
    x: float,
    y: float,
    wide: float,
    size: float,
    width_of: Callable[[str], float],
    *,
    last: bool,
) -> Iterator[Drawn]:
    room = wide - size * sum(map(width_of, line))
    gap = room / max(1, len(line) - 1)
    if last or gap > 1.2 * size:
        gap = 0.25 * size
    for word in line:
        yield (x, y, size, word)
        x += size * width_of(word) + gap


def _pdf(pages: list[list[Drawn]], askew: float) -> bytes:
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"",
        b"<</Type/Font/Subtype/Type1/BaseFont/Times-Roman/Encoding/WinAnsiEncoding>>",
    ]
    along, across = cos(radians(askew)), sin(radians(askew))
    turned = f"{along:.6f} {across:.6f} {-across:.6f} {along:.6f} 0 0 cm\n"
    kids = []
    for page in pages:
        texts = "".join(
            f"BT /F {size} Tf {x:.2f} {y:.2f} Td ({_escaped(text)}) Tj ET\n"
            for x, y, size, text in page
        )
        drawn = (turned + texts).encode("cp1252", "replace")
        objects.append(b"<</Length %d>>stream\n%bendstream" % (len(drawn), drawn))
        kids.append(len(objects) + 1)
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Resources<</Font<</F 3 0 R>>>>"
            b"/Contents %d 0 R>>" % (WIDTH, HEIGHT, len(objects))
        )
    objects[1] = b"<</Type/Pages/Kids[%b]/Count %d>>" % (
        b" ".join(b"%d 0 R" % kid for kid in kids),
        len(kids),
    )
    body = b"".join(b"%d 0 obj%b\nendobj\n" % each for each in enumerate(objects, 1))
    return b"%PDF-1.4\n" + body + b"trailer<</Root 1 0 R>>\n%%EOF\n"


def _escaped(text: str) -> str:
    return text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
