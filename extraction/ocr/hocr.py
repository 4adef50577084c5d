"""hOCR, as tesseract writes it -> words in their places. Pure.

The format: http://kba.github.io/hocr-spec/1.2/. Whatever else it is told, no words come of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from html import unescape
from math import atan, cos, sin

_POINTS = 72
_SPAN = re.compile(
    r"<(?:div|span) class='(?P<kind>ocr_(?:carea|line|header|caption|textfloat)|ocrx_word)'"
    r"[^>]*?title=(?P<q>[\"'])(?P<title>.*?)(?P=q)[^>]*>(?P<text>[^<]*(?:</?(?:em|strong)>[^<]*)*)",
    re.DOTALL,
)
_TAG = re.compile(r"</?(?:em|strong)>")
_NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,12})?")
#: Of the height of its small letters: that of a font, as PDFium has it.
_FONT = 2.3
#: Sizes as near as this, or so many pixels of small letters, are the same: letters of one font are
#: measured so differently.
_SAME, _SAME_PIXELS = 0.14, 2.5
#: A line whose letters are so much larger or smaller than those of its area is one of its own.
_OTHER = 0.35
#: Words without letters and digits that it is less sure of are rules, specks and folds.
_SURE = 60.0
_LONGEST = 200
#: Turned further than this (by its tangent), a page is not read line by line.
_STEEPEST = 0.3


@dataclass(frozen=True, slots=True)
class Found:
    """A word, from ``left`` to ``right`` on the line ``base`` above the foot, in points.

    ``size`` is the height of its font; ``sure`` how sure tesseract is of it, of 100.
    """

    text: str
    left: float
    right: float
    base: float
    size: float
    sure: float


@dataclass(frozen=True, slots=True)
class _Line:
    area: int
    left: float
    base: float
    slope: float
    size: float


def words_of(hocr: str, height: int, dpi: int) -> list[Found]:
    """Return the words of a picture of so many pixels, in tesseract's order, the page upright."""
    told = list(_told(hocr))
    slope, own = _slope(told), _sizes(told)
    size = _same_sizes([(own[line], len(word.text)) for line, word in told])
    return [
        _placed(word, line, slope, size[own[line]], height, _POINTS / dpi) for line, word in told
    ]


def sureness(words: Sequence[Found]) -> float:
    """Return how sure tesseract is of these words, by their length, of 100."""
    length = sum(len(word.text) for word in words)
    return sum(word.sure * len(word.text) for word in words) / length if length else 0.0


def _told(hocr: str) -> Iterator[tuple[_Line, Found]]:
    """Yield each word with its line, in pixels from the top left."""
    line: _Line | None = None
    area = 0
    for span in _SPAN.finditer(hocr):
        said = _properties(span["title"])
        if span["kind"] == "ocr_carea":
            area, line = area + 1, None
        elif span["kind"] != "ocrx_word":
            line = _line(said, area)
        elif line is not None and (word := _word(span["text"], said, line)):
            yield line, word


def _properties(title: str) -> dict[str, list[float]]:
    parts = (unescape(part).split(None, 1) for part in title.split(";"))
    return {
        part[0]: [float(number) for number in _NUMBER.findall(part[1])]
        for part in parts
        if len(part) > 1
    }


def _line(said: dict[str, list[float]], area: int) -> _Line | None:
    """None where it stands upright or on its head, or says not where it is."""
    box, baseline = said.get("bbox", []), said.get("baseline", [])
    if len(box) != 4 or len(baseline) != 2 or abs(baseline[0]) > _STEEPEST:  # noqa: PLR2004
        return None
    sizes = [*said.get("x_size", []), *said.get("x_ascenders", []), *said.get("x_descenders", [])]
    small = sizes[0] - sizes[1] - sizes[2] if len(sizes) == 3 else 0.0  # noqa: PLR2004
    size = _FONT * small if small > 0 else box[3] - box[1]
    return _Line(area, box[0], box[3] + baseline[1], baseline[0], size) if size > 0 else None


def _word(text: str, said: dict[str, list[float]], line: _Line) -> Found | None:
    plain = "".join(unescape(_TAG.sub("", text)).split())[:_LONGEST]
    box, sure = said.get("bbox", []), (said.get("x_wconf") or [0.0])[0]
    if not plain or len(box) != 4 or box[2] < box[0]:  # noqa: PLR2004
        return None
    if sure < _SURE and not any(map(str.isalnum, plain)):
        return None
    return Found(plain, box[0], box[2], line.base, line.size, min(max(sure, 0.0), 100.0))


def _slope(told: Sequence[tuple[_Line, Found]]) -> float:
    """Return how far the page is turned."""
    return _median([(line.slope, len(word.text)) for line, word in told])


def _sizes(told: Sequence[tuple[_Line, Found]]) -> dict[_Line, float]:
    """Return the size of each line: that of its area, but where it is clearly another."""
    areas: dict[int, list[tuple[float, int]]] = {}
    for line, word in told:
        areas.setdefault(line.area, []).append((line.size, len(word.text)))
    medians = {area: _median(sizes) for area, sizes in areas.items()}
    return {
        line: line.size if abs(line.size / medians[line.area] - 1) > _OTHER else medians[line.area]
        for line, _ in told
    }


def _median(values: Sequence[tuple[float, int]]) -> float:
    """Return that of the letters, each value with how many it has."""
    half = sum(length for _, length in values) / 2
    for value, length in sorted(values):
        half -= length
        if half <= 0:
            return value
    return 0.0


def _same_sizes(sizes: Sequence[tuple[float, int]]) -> dict[float, float]:
    """Return for each size that of most letters near it, from the largest on."""
    letters: dict[float, int] = {}
    for size, length in sizes:
        letters[size] = letters.get(size, 0) + length
    same: dict[float, float] = {}
    for size in sorted(letters, key=lambda size: -letters[size]):
        near = (known for known in same.values() if abs(known - size) <= _near(known))
        same[size] = next(near, size)
    return same


def _near(size: float) -> float:
    return max(_SAME * size, _FONT * _SAME_PIXELS)


def _placed(
    word: Found, line: _Line, slope: float, size: float, height: int, scale: float
) -> Found:
    """Return the word in points from the foot, the page turned back so that lines are level."""
    angle = atan(slope)
    along, across = cos(angle), sin(angle)
    base = line.base * along - line.left * across
    left, right = (x * along + line.base * across for x in (word.left, word.right))
    return replace(
        word,
        left=left * scale,
        right=right * scale,
        base=(height - base) * scale,
        size=size * scale,
    )
