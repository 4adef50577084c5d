"""Lines of columns -> paragraphs and headings, by their sizes, gaps, indents and ends."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from extraction.documents import paper
from extraction.documents.layout import Line
from extraction.documents.paper import Block

#: Other sizes: of the same paragraph no more than this apart.
_SAME = 0.08
_GAP, _INDENT, _SHORT = 1.3, 0.5, 0.75
_TITLE, _HEADING, _SUBTITLE = 1.25, 1.12, 1.05
_LONGEST_HEADING = 250
_ENDED = tuple('.!?…:«»“”")')


@dataclass(slots=True)
class _Paragraph:
    lines: list[Line] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def size(self) -> float:
        return median(line.size for line in self.lines)


def blocks_of(columns: Sequence[Sequence[Line]]) -> list[Block]:
    """Return the blocks of a document, whose columns come in the order in which they are read."""
    lines = [line for column in columns for line in column]
    if not lines:
        return []
    body = _body_size(lines)
    leading = _leading(columns, body)
    whole: list[_Paragraph] = []
    for column in columns:
        parts = list(_paragraphs(column, leading / body))
        if whole and parts and _goes_on(whole[-1], parts[0], body):
            whole[-1].lines += parts.pop(0).lines
        whole += parts
    return list(_kinds(whole, body))


def _body_size(lines: Sequence[Line]) -> float:
    """Return the size in which most is written."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0] or 1.0


def _leading(columns: Sequence[Sequence[Line]], body: float) -> float:
    """Return from line to line of the running text, in points."""
    steps = [
        round(above.base - line.base, 1)
        for column in columns
        for above, line in pairwise(column)
        if _alike(above.size, body) and _alike(line.size, body)
    ]
    return Counter(steps).most_common(1)[0][0] if steps else 1.2 * body


def _alike(size: float, other: float) -> bool:
    return abs(size - other) <= _SAME * max(size, other)


def _paragraphs(column: Sequence[Line], leading: float) -> Iterator[_Paragraph]:
    left, right = _margins(column)
    open_ = _Paragraph()
    for line in column:
        if open_.lines and _begins(line, open_, left, right, leading):
            yield open_
            open_ = _Paragraph()
        open_.lines.append(line)
    if open_.lines:
        yield open_


def _margins(column: Sequence[Line]) -> tuple[float, float]:
    """Return where most lines begin, and where the longest end."""
    lefts = Counter(round(line.left) for line in column)
    return float(lefts.most_common(1)[0][0]), max(line.right for line in column)


def _begins(line: Line, before: _Paragraph, left: float, right: float, leading: float) -> bool:
    above = before.lines[-1]
    if not _alike(line.size, above.size):
        return True
    gap = above.base - line.base
    if gap > _GAP * leading * line.size or gap < 0:
        return True
    indent = _INDENT * line.size
    if line.left - left > indent and above.left - left <= indent and gap > 0:
        return True
    short = above.right < left + _SHORT * (right - left)
    return short and above.text.endswith(_ENDED)


def _goes_on(above: _Paragraph, below: _Paragraph, body: float) -> bool:
    """Tell whether a paragraph goes on at the head of the next column or page."""
    if not (_alike(above.size, body) and _alike(below.size, body)):
        return False
    return not above.text.endswith(_ENDED)


def _kinds(whole: Sequence[_Paragraph], body: float) -> Iterator[Block]:
    largest = max((p.size for p in whole if len(p.text) <= _LONGEST_HEADING), default=0.0)
    titled = largest >= _TITLE * body
    title_seen = False
    below_title = False
    for part in whole:
        ratio, short = part.size / body, len(part.text) <= _LONGEST_HEADING
        if titled and not title_seen and short and part.size >= (1 - _SAME) * largest:
            title_seen = below_title = True
            yield Block(paper.TITLE, part.text)
        elif below_title and ratio >= _SUBTITLE:
            yield Block(paper.SUBTITLE, part.text)
        else:
            below_title = below_title and ratio < 1
            heading = ratio >= _HEADING and short
            yield Block(paper.HEADING if heading else paper.TEXT, part.text)
