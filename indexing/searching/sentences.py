"""Whole sentences around matches, by the rules that the readers of names and quotations follow."""

from __future__ import annotations

from collections.abc import Iterable

from german.sentences import paragraphs, sentences, sentences_of
from indexing.searching.highlights import Highlight, apart
from indexing.searching.marker import Match

#: How far behind the last match the end of its sentence is looked for, in characters.
_REACH = 600


class Marked:
    """A stretch of a text with the matches in it."""

    def __init__(self, start: int, end: int) -> None:
        self.start, self.end = start, end
        self.matches: list[Match] = []

    @property
    def different(self) -> int:
        """How many of the words that are asked for it has."""
        return len({match.asked for match in self.matches})

    def highlight(self, text: str) -> Highlight:
        """Return it as it is shown."""
        marks = apart((m.start - self.start, m.end - self.start) for m in self.matches)
        return Highlight(text[self.start : self.end], marks)


def marked_sentences(text: str, matches: Iterable[Match]) -> list[Marked]:
    """Return the sentences of ``text`` that have matches, in order.

    A match that reaches from one into the next makes them one.
    """
    ordered = sorted(matches)
    if not ordered:
        return []
    text = text[: max(match.end for match in ordered) + _REACH]
    starts = [match.start for match in ordered]
    inside = [p for p in paragraphs(text) if any(p.start <= at < p.end for at in starts)]
    spans = iter(sentences_of(text, inside))
    marked: list[Marked] = []
    span = next(spans, None)
    for match in ordered:
        while span and span.end <= match.start:
            span = next(spans, None)
        if marked and match.start < marked[-1].end:
            stretch = marked[-1]
        else:
            stretch = Marked(span.start, span.end) if span else Marked(match.start, match.end)
            marked.append(stretch)
        while stretch.end < match.end:
            span = next(spans, None)
            stretch.end = span.end if span else match.end
        stretch.matches.append(match)
    return marked


def beginning(text: str, longest: int) -> list[Highlight]:
    """Return the first sentences of a text, up to ``longest`` characters; one in any case."""
    spans = sentences(text[: longest + _REACH])
    behind = next((n for n, span in enumerate(spans) if n and span.end > longest), len(spans))
    return [Highlight(text[spans[0].start : spans[behind - 1].end])] if spans else []
