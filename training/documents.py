"""Make the words of the sources look like those of German news text."""

from __future__ import annotations

import random

from spacy.language import Language
from spacy.tokens import Doc
from spacy.util import filter_spans

from training.sources import Line

#: Opening and closing quotation marks; the German ones twice, as they are the most frequent.
QUOTES = (('"', '"'), ("„", "“"), ("„", "“"), ("»", "«"))
_ANY_QUOTE = {'"', "``", "''", "“", "”", "„"}


def line_document(nlp: Language, line: Line) -> Doc:
    """Tokenise a line and mark its entities; one that cuts a token shrinks to whole tokens."""
    doc = nlp.make_doc(line.text)
    spans = [
        doc.char_span(start, end, label=label, alignment_mode="contract")
        for start, end, label in line.spans
    ]
    doc.set_ents(filter_spans([span for span in spans if span]), default="outside")
    return doc


def some_quotes(chance: random.Random) -> tuple[str, str]:
    """Choose a style of quotation marks."""
    return chance.choice(QUOTES)


def with_quotes(tokens: tuple[str, ...], quotes: tuple[str, str]) -> list[str]:
    """Replace quotation marks in turn by the opening and the closing one, if they pair up."""
    marks = sum(token in _ANY_QUOTE for token in tokens)
    if marks % 2:
        return list(tokens)
    words, seen = [], 0
    for token in tokens:
        quote = token in _ANY_QUOTE
        words.append(quotes[seen % 2] if quote else token)
        seen += quote
    return words
