"""Highlights: sentences of an article, and where in them the matches stand.

Offsets, for whatever marks were put into the text could stand in it as well.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

Marks = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Highlight:
    """A sentence on one line, as plain text.

    ``marks`` are the matches in it, each from a character up to and without another, counted as
    Python counts them (code points), in order and apart from each other.
    """

    text: str
    marks: Marks = ()

    def parts(self) -> Iterator[tuple[str, bool]]:
        """Yield the text in pieces, each with whether it is a match."""
        at = 0
        for start, end in self.marks:
            yield self.text[at:start], False
            yield self.text[start:end], True
            at = end
        yield self.text[at:], False

    def html(self, before: str = "<em>", after: str = "</em>") -> str:
        """Return the text escaped for HTML, the matches between two tags, which are not."""
        pieces = ((html.escape(text), match) for text, match in self.parts())
        return "".join(f"{before}{text}{after}" if match else text for text, match in pieces)


def apart(marks: Iterable[tuple[int, int]]) -> Marks:
    """Return the marks in order, those that overlap as one, without empty ones."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(marks):
        if joined and start < joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        elif start < end:
            joined.append((start, end))
    return tuple(joined)


def piece(
    highlight: Highlight, start: int, end: int, before: str = "", after: str = ""
) -> Highlight:
    """Return the characters from ``start`` to ``end`` with what is left of the marks.

    ``before`` and ``after`` are put around them.
    """
    shift = len(before) - start
    left = ((max(first, start), min(last, end)) for first, last in highlight.marks)
    marks = tuple((first + shift, last + shift) for first, last in left if first < last)
    return Highlight(f"{before}{highlight.text[start:end]}{after}", marks)


def on_one_line(highlight: Highlight) -> Highlight:
    """Return the same with each run of white space as one blank, and none at the ends."""
    if " ".join(highlight.text.split()) == highlight.text:
        return highlight
    text, marks = "", []
    for part, match in highlight.parts():
        start, squeezed = len(text), re.sub(r"\s+", " ", part)
        text += squeezed.removeprefix(" ") if not text or text[-1] == " " else squeezed
        marks += [(start, len(text))] if match else []
    end = len(text.rstrip(" "))
    return piece(Highlight(text, apart(marks)), 0, end)


def cut(highlight: Highlight, longest: int) -> Highlight:
    """Return what stands around the first match, of one that is longer than ``longest``."""
    text = highlight.text
    if len(text) <= longest:
        return highlight
    first = highlight.marks[0][0] if highlight.marks else 0
    start = max(first - longest // 4, 0)
    end = start + longest
    # Broken words at the ends go; the first word of the sentence is whole.
    blank = text.find(" ", start, end) + 1 if start else start
    last = text.rfind(" ", start, end)
    whole = (blank, last) if start <= blank < last else (start, end)
    return piece(highlight, *whole, "… " if start else "", " …")
