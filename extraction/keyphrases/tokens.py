"""The words of an article with what keyphrases need to know of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from articles.article import TEXT_FIELDS

_WORD = re.compile(r"[^\W\d_]+(?:-[^\W_]+)*|\d+")
#: What ends a sentence or opens one: behind it a capital says nothing.
_BREAK = re.compile(r"[.!?:;…|\n\"„“”»«›‹•–—(\[/]")
_BLANKS = frozenset(" \n\u00a0")
_WEIGHTS = {"kicker": 2.5, "headline": 3.0, "lead": 2.0, "body": 1.0}
#: Without a lead the body's first characters are the lead.
_EARLY, _EARLY_WEIGHT = 350, 1.6


class Token(NamedTuple):
    """A word or number; ``weight`` tells by its place how much it says about the subject.

    ``opens`` is true of the first word of a sentence, ``joined`` if only a blank parts it from
    the token before.
    """

    text: str
    weight: float
    opens: bool
    joined: bool


def tokens(fields: Mapping[str, str]) -> Iterator[Token]:
    """Yield the tokens of the article's text fields in reading order."""
    for field in TEXT_FIELDS:
        text = fields.get(field) or ""
        early = _EARLY if field == "body" and not fields.get("lead") else 0
        end = 0
        for match in _WORD.finditer(text):
            start = match.start()
            between = text[end:start]
            opens = end == 0 or (between != " " and bool(_BREAK.search(between)))
            weight = _EARLY_WEIGHT if start < early else _WEIGHTS[field]
            yield Token(match[0], weight, opens, between in _BLANKS)
            end = match.end()
