"""Whole sentences around matches.

Elasticsearch's highlighter takes its sentences from Java's ``BreakIterator``, which ends one after
every point before a capital: ``am 28.`` | ``Januar``, ``Dr.`` | ``Merkel``, and ends none at a
heading without a point. Its fragments are looked up in the text, which is cut anew by the rules
that the readers of names, quotations and dates follow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from german.sentences import Span, sentences
from indexing.searching.highlights import Highlight, Tags, apart, tagged

#: How far behind a fragment the end of its sentence is looked for, in characters.
_REACH = 600


@dataclass(frozen=True, slots=True)
class Marked:
    """A stretch of a text, and the matches in it, as offsets in characters."""

    start: int
    end: int
    marks: tuple[tuple[int, int], ...]


def whole(text: str, fragments: Sequence[str], tags: Tags) -> list[Highlight]:
    """Return the ``fragments`` of ``text`` as whole sentences.

    ``tags`` stand around each match in them. Fragments that turn out to be one sentence
    become one, with the matches of all; a fragment that the text does not hold stays as it is.
    """
    stretches: list[Marked] = []
    strays: list[Highlight] = []
    for fragment in fragments:
        highlight = tagged(fragment, tags)
        marked = _located(text, highlight)
        if marked is None:
            strays.append(highlight)
        else:
            stretches.append(marked)
    spans = sentences(text[: max((part.end for part in stretches), default=0) + _REACH])
    joined: list[Marked] = []
    for stretch in stretches:
        _add(joined, _grown(spans, stretch))
    return [*(_highlight(text, stretch) for stretch in joined), *strays]


def _located(text: str, fragment: Highlight) -> Marked | None:
    start = text.find(fragment.text)
    if start < 0:
        return None
    marks = tuple((start + first, start + last) for first, last in fragment.marks)
    return Marked(start, start + len(fragment.text), marks)


def _grown(spans: Sequence[Span], stretch: Marked) -> Marked:
    """Return the sentences that hold the matches, of a stretch without one all that it touches."""
    first, last = stretch.start, stretch.end
    if stretch.marks:
        first, last = stretch.marks[0][0], stretch.marks[-1][1]
    touched = [span for span in spans if span.start < last and first < span.end]
    if not touched:
        return stretch
    return Marked(touched[0].start, touched[-1].end, stretch.marks)


def _add(located: list[Marked], new: Marked) -> None:
    """Join with those that it overlaps; the place of the first is kept."""
    for place, old in enumerate(located):
        if new.start < old.end and old.start < new.end:
            marks = tuple(sorted({*old.marks, *new.marks}))
            located[place] = Marked(min(old.start, new.start), max(old.end, new.end), marks)
            return
    located.append(new)


def _highlight(text: str, sentence: Marked) -> Highlight:
    start = sentence.start
    marks = apart((first - start, last - start) for first, last in sentence.marks)
    return Highlight(text[start : sentence.end], marks)
