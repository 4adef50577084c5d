"""The words of an article with what keyphrases need to know of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from articles.article import TEXT_FIELDS
from extraction.analysed_text import AnalysedField, analysed
from german.tokens import Pieces

#: Within a token: what may be a keyphrase or a word of one.
_PIECES = Pieces(re.compile(r"[^\W\d_]+(?:-[^\W_]+)*|\d+"))
#: Marks behind which a capital says nothing, besides the end of a sentence; and within a token.
_BREAKS = frozenset(':;|"„“”»«›‹•–—([/')
_INNER_BREAK = re.compile(r"[.:/]")
_BLANKS = frozenset(" \n\u00a0")
_WEIGHTS = {"kicker": 2.5, "headline": 3.0, "lead": 2.0, "body": 1.0}
#: Without a lead the body's first characters are the lead.
_EARLY, _EARLY_WEIGHT = 350, 1.6


class WeightedWord(NamedTuple):
    """A word or number; ``weight`` tells by its place how much it says about the subject.

    ``opens`` is true of the first word of a sentence, ``joined`` if only a blank parts it from
    the word before.
    """

    text: str
    weight: float
    opens: bool
    joined: bool


def weighted_words(fields: Mapping[str, str]) -> Iterator[WeightedWord]:
    """Yield the words of the article's text fields in reading order."""
    text = analysed(fields)
    for name in TEXT_FIELDS:
        early = _EARLY if name == "body" and not text.get("lead") else 0
        for word, start, opens, joined in _words(text.of(name)):
            weight = _EARLY_WEIGHT if start < early else _WEIGHTS[name]
            yield WeightedWord(word, weight, opens, joined)


def _words(field: AnalysedField) -> Iterator[tuple[str, int, bool, bool]]:
    """Yield each word with its start, whether it opens a sentence, and whether it is joined."""
    ends, behind, opens = set(field.sentence_ends), 0, True
    for token, start in zip(field.tokens.words, field.tokens.starts, strict=True):
        last = 0
        for first, stop, _ in _PIECES[token]:
            opens = opens or _INNER_BREAK.search(token, last, first) is not None
            joined = start + first - behind == 1 and field.text[behind] in _BLANKS
            yield token[first:stop], start + first, opens, joined
            last, behind, opens = stop, start + stop, False
        opens = opens or token in _BREAKS or start + len(token) in ends
