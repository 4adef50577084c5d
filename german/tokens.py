"""What German text is cut into: words and numbers with the marks within them, and other marks.

The one tokeniser of the running text. What a reader wants cut finer, it cuts within these tokens.
"""

from __future__ import annotations

import re
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from german.distinct import shared

#: ``SPD-Chefin``, ``geht’s``, ``i.d.R``, ``und/oder``, ``H&M``; ``15.30``, ``3:2``, ``3,5``;
#: ``Pilot:innen``, ``Ärzt*in``.
_TOKEN = re.compile(
    r"(\w+(?:(?:[-'’.&/]+|(?<=\d)[:,](?=\d)|(?<=[a-zäöüß])[:*](?=innen|in\b))\w+)*"
    r"|\.{2,}|[^\w\s])"
)
_RUN = re.compile(r"\w+")
#: Characters up to which a text is cut at once.
_SHORT = 1_000_000
#: Tokens whose pieces are kept, and the letters of the longest.
_KEPT, _LONGEST_KEPT = 8_192, 60
#: Each begins with a letter that is none of a set: so the search skips what begins no mark.
_QUOTATION_MARK = re.compile(r"''|``|<<|>>|,(?<!,,),(?=[^\s,])|„|“|”|‟|\"|»|«|‚|‘|’|‛|'|›|‹")


class Token(NamedTuple):
    """A word, a number or a mark: ``text`` stands at ``start`` to ``end`` of what was cut."""

    text: str
    start: int
    end: int


class Tokens:
    """The tokens of a text in order, as two columns: ``words`` and where each starts.

    12 bytes a token, for a text of 50 MB has eight million of them, and then equal words are one
    string.
    """

    __slots__ = ("starts", "words")

    def __init__(self, text: str) -> None:
        if len(text) <= _SHORT:  # gap, token, gap, token, … gap, several times as fast
            parts = _TOKEN.split(text)
            self.words: list[str] = parts[1::2]
            self.starts = array("I", accumulate(map(len, parts)))[:-1:2]
            return
        known: dict[str, str] = {}
        self.words, self.starts = [], array("I")
        for match in _TOKEN.finditer(text):
            self.words.append(known.setdefault(match[0], match[0]))
            self.starts.append(match.start())

    def __len__(self) -> int:
        return len(self.words)

    def __iter__(self) -> Iterator[Token]:
        for word, start in zip(self.words, self.starts, strict=True):
            yield Token(word, start, start + len(word))

    def between(self, start: int, end: int) -> list[Token]:
        """Return the tokens that have a character at or behind ``start`` and before ``end``."""
        first = bisect_left(self.starts, start)
        if first and self.starts[first - 1] + len(self.words[first - 1]) > start:
            first -= 1
        behind = bisect_left(self.starts, end)
        there = zip(self.words[first:behind], self.starts[first:behind], strict=True)
        return [Token(word, begin, begin + len(word)) for word, begin in there]


def tokens(text: str) -> Tokens:
    """Return the tokens of a text; between them is white space only. Linear in its length.

    A word keeps the marks between its letters, not those at its edges: the point of ``Dr.`` and
    the hyphen of ``Haushalts-`` are tokens of their own. Points in a row are one token.
    """
    return Tokens(text)


def runs(text: str) -> list[str]:
    """Return the runs of letters and digits in order: ``SPD-Chefin`` is two. Each is in one token.

    In a text of more than a million characters equal ones are one string.
    """
    return shared(_RUN, text)


class Piece(NamedTuple):
    """A part of a token, from ``start`` up to ``end`` of it; ``kind`` is the pattern's group."""

    start: int
    end: int
    kind: str


class Pieces(dict[str, tuple[Piece, ...]]):
    """By token, what a pattern matches in it: the way to cut tokens finer.

    Tokens come again, so that they are kept; all are dropped when there are too many, and long
    ones are never kept.
    """

    def __init__(self, pattern: re.Pattern[str]) -> None:
        super().__init__()
        self._pattern = pattern

    def __missing__(self, token: str) -> tuple[Piece, ...]:
        matches = self._pattern.finditer(token)
        pieces = tuple(Piece(*match.span(), match.lastgroup or "") for match in matches)
        if len(token) <= _LONGEST_KEPT:
            if len(self) >= _KEPT:
                self.clear()
            self[token] = pieces
        return pieces


#: The runs of letters and digits of a token.
RUNS = Pieces(_RUN)


def quotation_marks(text: str, start: int, end: int) -> Iterator[Token]:
    """Yield what may open or close a quotation between two places, apostrophes among them.

    Two characters may be one mark: ``''``, ``,,``, ``<<``.
    """
    for match in _QUOTATION_MARK.finditer(text, start, end):
        yield Token(match[0], *match.span())
