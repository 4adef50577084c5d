"""Cut lines of words into what the large model reads at once.

A stretch is as many sentences in a row as fit, so that a name that is clear in one helps in the
next.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from extraction.tagging.pieces import Pieces

#: Words of a sentence, if it ends nowhere, and pieces of a stretch, unless one sentence has more.
MOST_WORDS, LONGEST = 110, 220
ENDS = frozenset(".!?“«:")


@dataclass(frozen=True, slots=True)
class Stretch:
    """Pieces, and where each word's first piece stands."""

    pieces: tuple[int, ...]
    firsts: tuple[int, ...]


def stretches(lines: Iterable[Sequence[str]], cut: Pieces) -> Iterator[Stretch]:
    """Yield the words of all lines, in order, as stretches."""
    pieces, firsts = [cut.begin], list[int]()
    for sentence in (part for line in lines for part in _sentences(line, cut)):
        if firsts and len(pieces) + sum(map(len, sentence)) + 1 > LONGEST:
            yield Stretch(tuple(pieces), tuple(firsts))
            pieces, firsts = [cut.begin], []
        for own in sentence:
            firsts.append(len(pieces))
            pieces += own
        pieces.append(cut.end)
    if firsts:
        yield Stretch(tuple(pieces), tuple(firsts))


def _sentences(line: Sequence[str], cut: Pieces) -> Iterator[list[tuple[int, ...]]]:
    """Yield the words of a line as pieces, a list for each part of it that is not too long."""
    sentence: list[tuple[int, ...]] = []
    size = 0
    for at, word in enumerate(line):
        sentence.append(cut.of(word))
        size += len(sentence[-1])
        rest = len(line) - at - 1
        ends = word in ENDS and 2 * len(sentence) >= MOST_WORDS
        long = len(sentence) + rest > MOST_WORDS
        if (ends and long) or len(sentence) >= MOST_WORDS or size >= LONGEST:
            yield sentence
            sentence, size = [], 0
    if sentence:
        yield sentence
