"""The words of an article with what keyphrases need to know of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from articles.article import TEXT_FIELDS
from extraction.analysed_text import AnalysedField, analysed
from german.gender_forms import both, one_way
from german.tokens import Pieces

#: Within a token: what may be a keyphrase or a word of one.
_PIECES = Pieces(re.compile(r"[^\W\d_]+(?:-[^\W_]+)*|\d+"))
#: Marks behind which a capital says nothing, besides the end of a sentence.
_BREAKS = frozenset(':;|"„“”»«›‹•–—([/')
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


def weighted_words(fields: Mapping[str, str]) -> list[WeightedWord]:
    """Return the words of the article's text fields in reading order."""
    text, words = analysed(fields), list[WeightedWord]()
    for name in TEXT_FIELDS:
        early = _EARLY if name == "body" and not text.get("lead") else 0
        words += _words(text.of(name), _WEIGHTS[name], early)
    return words


@lru_cache(maxsize=8_192)
def _of_both(token: str) -> str:
    """Return ``Politikerrunde`` for ``Politiker:innenrunde``, "" for other words."""
    return next(iter(both(one_way(token))), "")


def _words(field: AnalysedField, usual: float, early: int) -> Iterator[WeightedWord]:
    """Yield the words of a field; before ``early`` they weigh more than usual."""
    text, ends = field.text, field.stops
    behind, opens = 0, True
    for token, start in zip(field.tokens.words, field.tokens.starts, strict=True):
        end = start + len(token)
        weight = _EARLY_WEIGHT if start < early else usual
        man = _of_both(token)
        if man or token.isalpha():
            joined = start - behind == 1 and text[behind] in _BLANKS
            yield WeightedWord(man or token, weight, opens, joined)
            behind, opens = end, end in ends
            continue
        for first, last, _ in _PIECES[token]:
            joined = start + first - behind == 1 and text[behind] in _BLANKS
            yield WeightedWord(token[first:last], weight, opens, joined)
            behind, opens = start + last, token[last : last + 1] == "/"
        opens = opens or token in _BREAKS or end in ends
