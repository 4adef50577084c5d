"""In which order the words of a page are read: column by column, what spans them in between.

A page is cut from the top into bands as long as all rows of a band leave the same gutter free; the
columns of a band are cut in the same way. As XY-cut (Nagy, Seth 1984), but a gap between the
paragraphs of all columns ends no band, since their gutter goes on below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from statistics import median

from extraction.documents.words import Word

#: A gutter is so much of the size of the letters wide; a band has at least so many rows.
_GUTTER, _LEAST_ROWS = 0.75, 3
_DEEPEST = 6
#: Of a letter's height above its line, what meets the next line's is one row.
_MIDDLE = 0.5
#: Two words are on one line where their lines are no further apart than this part of a letter.
_SAME_LINE = 0.35
Span = tuple[float, float]
_TEXT, _LEFT, _RIGHT, _BASE = map(attrgetter, ("text", "left", "right", "base"))


@dataclass(slots=True)
class Line:
    """A line of one column: its text, where it begins and ends, its height and size, in points."""

    text: str
    left: float
    right: float
    base: float
    size: float


def columns(words: Sequence[Word]) -> list[list[Line]]:
    """Return the columns of a page in the order in which they are read, each with its lines."""
    if not words:
        return []
    gutter = _GUTTER * median(word.size for word in words)
    return [lines_of(column) for column in _ordered(words, gutter, 0)]


def lines_of(words: Iterable[Word]) -> list[Line]:
    """Return the lines that words make which stand on the same height."""
    return [line_of(line) for line in on_lines(words)]


def on_lines(words: Iterable[Word]) -> list[list[Word]]:
    """Return the words that stand on the same height, from the top."""
    lines: list[list[Word]] = []
    base = size = 0.0  # of the first word of the last line
    for word in sorted(words, key=_BASE, reverse=True):
        if lines and base - word.base <= _SAME_LINE * min(word.size, size):
            lines[-1].append(word)
        else:
            lines.append([word])
            base, size = word.base, word.size
    return lines


def on_line(word: Word, base: float) -> bool:
    """Tell whether a word stands on a line of that height."""
    return abs(word.base - base) <= _SAME_LINE * word.size


def line_of(words: list[Word]) -> Line:
    """Return the line that words make, which it puts in order."""
    words.sort(key=_LEFT)
    longest = max(words, key=lambda word: word.right - word.left)
    text = " ".join(map(_TEXT, words))
    right = max(map(_RIGHT, words))
    return Line(text, words[0].left, right, words[0].base, longest.size)


def _ordered(words: Sequence[Word], gutter: float, depth: int) -> Iterator[list[Word]]:
    plain: list[Word] = []
    for rows, gutters in _bands(_rows(words), gutter):
        band = [word for row in rows for word in row]
        if not gutters or len(rows) < _LEAST_ROWS or depth >= _DEEPEST:
            plain += band
            continue
        if plain:
            yield plain
            plain = []
        for column in _cut(band, gutters):
            yield from _ordered(column, gutter, depth + 1)
    if plain:
        yield plain


def _rows(words: Sequence[Word]) -> list[list[Word]]:
    """Return words whose heights meet, from the top; columns need not share their lines."""
    rows: list[list[Word]] = []
    lowest = 0.0
    for word in sorted(words, key=lambda word: -(word.base + _MIDDLE * word.size)):
        if rows and word.base + _MIDDLE * word.size > lowest:
            rows[-1].append(word)
            lowest = min(lowest, word.base)
        else:
            rows.append([word])
            lowest = word.base
    return rows


def _bands(
    rows: Sequence[list[Word]], gutter: float
) -> Iterator[tuple[list[list[Word]], list[Span]]]:
    """Yield rows that belong together, and the gutters that all of them leave free."""
    band: list[list[Word]] = []
    free: list[Span] = []
    cut: list[Span] = []
    for row in rows:
        row_free = _free(row, gutter)
        both = _both(free, row_free, gutter) if band else row_free
        both_cut = _two_sided(both, [*band, row])
        ends = not both_cut if cut else bool(_two_sided(row_free, [row]))
        if band and ends:
            yield band, cut
            band, both, both_cut = [], row_free, _two_sided(row_free, [row])
        band, free, cut = [*band, row], both, both_cut
    if band:
        yield band, cut


def _free(row: Sequence[Word], gutter: float) -> list[Span]:
    """Return what no word of a row covers, from margin to margin.

    Between large letters, as in a headline, blanks are as wide as gutters are elsewhere.
    """
    free: list[Span] = []
    at, size = float("-inf"), 0.0
    for word in sorted(row, key=_LEFT):
        if word.left - at >= max(gutter, _GUTTER * min(size, word.size)):
            free.append((at, word.left))
        if word.right > at:
            at, size = word.right, word.size
    return [*free, (at, float("inf"))]


def _both(one: Sequence[Span], other: Sequence[Span], gutter: float) -> list[Span]:
    spans = ((max(a, c), min(b, d)) for a, b in one for c, d in other if c < b and a < d)
    return [(start, end) for start, end in spans if end - start >= gutter]


def _two_sided(free: Sequence[Span], rows: Sequence[Sequence[Word]]) -> list[Span]:
    """Return those with words on either side."""
    return [span for span in free if _inner(span, rows)]


def _inner(span: Span, rows: Sequence[Sequence[Word]]) -> bool:
    start, end = span
    if start == float("-inf") or end == float("inf"):
        return False
    before = any(word.right <= start + 1 for row in rows for word in row)
    return before and any(word.left >= end - 1 for row in rows for word in row)


def _cut(words: Sequence[Word], gutters: Sequence[Span]) -> list[list[Word]]:
    middles = [(start + end) / 2 for start, end in gutters]
    parts: list[list[Word]] = [[] for _ in range(len(middles) + 1)]
    for word in words:
        parts[sum(word.left >= middle for middle in middles)].append(word)
    return [part for part in parts if part]
