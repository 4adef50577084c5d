"""The paragraphs of a field with their quotations, unbalanced ones repaired.

A quotation that runs over several paragraphs opens anew in each and is closed in the last; some
writers leave out the new opening marks. Where a mark is missing otherwise, the quotation is
taken to end before ``, sagte`` or with its sentence or paragraph, and to begin behind a colon or
with its paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from extraction.analysed_text import AnalysedField
from extraction.quotes.marks import Mark, Marks, Pair, pair, read_marks
from extraction.quotes.verbs import is_finite

_FRAME = re.compile(r",\s+([^\W\d_]+)\s")
_OPENER = re.compile(r"[„‟»«“\"‚]|,,|``|''|<<|>>")
#: Words of a quotation that lacks a mark and is repaired. Set by hand, see ``extraction.quotes``.
_FEWEST_WORDS = 3


class Paragraph(NamedTuple):
    """A paragraph and its pairs: ``pairs`` in no other pair, ``nested`` the others."""

    start: int
    end: int
    pairs: list[Pair]
    nested: list[Pair]


def paragraphs(field: AnalysedField) -> Iterator[Paragraph]:
    """Yield the paragraphs of a field in order."""
    text, spans = field.text, field.paragraphs
    read = [read_marks(text, start, end, field.marks(start, end)) for start, end in spans]
    went_on = False
    for place, (start, end) in enumerate(spans):
        marks = read[place]
        following = read[place + 1] if place + 1 < len(spans) else None
        goes_on = following is not None and _goes_on(text, marks, spans[place + 1].start, following)
        _close(field, end, marks, goes_on)
        _open(field, start, marks, went_on)
        yield Paragraph(start, end, *_by_depth(marks.pairs))
        went_on = goes_on


def _goes_on(text: str, marks: Marks, start: int, following: Marks) -> bool:
    """Tell whether the quotation that nothing closes goes on in the paragraph at ``start``."""
    if marks.unclosed is None:
        return False
    first = min((quoted.start for quoted in following.pairs), default=None)
    if following.unclosed and (first is None or following.unclosed.start < first):
        first = following.unclosed.start
    reopens = bool(_OPENER.match(text, start)) and first == start
    lone = following.unopened[0].start if following.unopened else None
    return reopens or (lone is not None and (first is None or lone < first))


def _close(field: AnalysedField, end: int, marks: Marks, goes_on: bool) -> None:
    mark, text = marks.unclosed, field.text
    if mark is None:
        return
    stop = end
    if not goes_on:
        later = [quoted.start for quoted in marks.pairs if quoted.start > mark.start]
        stop = _end_of_speech(field, mark.end, min(later, default=end), bool(later))
    if goes_on or _words(text, mark.end, stop):
        closed = pair(text, mark.start, stop, mark.end, stop)
        marks.pairs.append(closed._replace(end=max(closed.last, mark.end), continued=goes_on))


def _end_of_speech(field: AnalysedField, start: int, end: int, sentence: bool) -> int:
    for match in _FRAME.finditer(field.text, start, end):
        if match[1] == "so" or is_finite(match[1]):
            return match.start()
    ends = field.ends_between(start, end) if sentence else []
    return ends[-1] if ends else end


def _open(field: AnalysedField, start: int, marks: Marks, went_on: bool) -> None:
    """Give the marks that nothing opens a beginning."""
    outer = iter(sorted((quoted.start, quoted.end) for quoted in marks.pairs))
    following = next(outer, None)
    at = start
    for mark in marks.unopened:
        while following and following[0] < mark.start:
            at = max(at, following[1])
            following = next(outer, None)
        if at <= mark.start:
            begin = _beginning(field, start, at, mark, went_on)
            if _words(field.text, begin, mark.start):
                marks.pairs.append(pair(field.text, begin, mark.end, begin, mark.start))
            at = mark.end


def _beginning(field: AnalysedField, start: int, at: int, mark: Mark, went_on: bool) -> int:
    if went_on and at == start:
        return start
    text = field.text
    colon = text.rfind(": ", at, mark.start)
    if colon >= 0:
        return colon + 2
    ends = [] if at == start else field.ends_between(at, mark.start)
    begin = ends[-1] if ends else at
    while begin < mark.start and not text[begin].isalnum():
        begin += 1
    return begin


def flat(pairs: list[Pair]) -> list[Pair]:
    """Return those of the sorted pairs that stand in no other."""
    outer: list[Pair] = []
    for quoted in pairs:
        if not outer or quoted.start >= outer[-1].end:
            outer.append(quoted)
    return outer


def _by_depth(pairs: list[Pair]) -> tuple[list[Pair], list[Pair]]:
    ordered = sorted(pairs, key=lambda p: (p.start, -p.end))
    outer = flat(ordered)
    ends = iter(outer)
    at = next(ends, None)
    nested: list[Pair] = []
    for quoted in ordered:
        while at and quoted.start >= at.end:
            at = next(ends, None)
        if at and at.start < quoted.start and quoted.end <= at.end:
            nested.append(quoted._replace(depth=1))
    return outer, nested


def _words(text: str, start: int, end: int) -> bool:
    return len(text[start:end].split()) >= _FEWEST_WORDS
