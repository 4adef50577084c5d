"""Turn sentences into spaCy documents that look like German news text."""

from __future__ import annotations

import random
from collections.abc import Iterable

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from training.sources import Line, Sentence

#: Opening and closing quotation marks; the German ones twice, as they are the most frequent.
QUOTES = (('"', '"'), ("„", "“"), ("„", "“"), ("»", "«"))
_ANY_QUOTE = {'"', "``", "''", "“", "”", "„"}
_NO_BLANK_BEFORE = set(".,;:!?)]}“«%…")
_NO_BLANK_AFTER = set("([{„»")


def document(nlp: Language, sentence: Sentence, quotes: tuple[str, str]) -> Doc:
    """Make a document with its entities; quotation marks become the given pair."""
    words = _with_quotes(sentence.tokens, quotes)
    blanks = [True] * len(words)
    for index, word in enumerate(words):
        if index and word in _NO_BLANK_BEFORE:
            blanks[index - 1] = False
        if word in _NO_BLANK_AFTER:
            blanks[index] = False
    doc = Doc(nlp.vocab, words=words, spaces=blanks)
    doc.set_ents(_entities(doc, sentence.tags), default="outside")
    return doc


def line_document(nlp: Language, line: Line) -> Doc:
    """Tokenise a line and mark its entities; one that cuts a token shrinks to whole tokens."""
    doc = nlp.make_doc(line.text)
    spans = [
        doc.char_span(start, end, label=label, alignment_mode="contract")
        for start, end, label in line.spans
    ]
    doc.set_ents(filter_spans([span for span in spans if span]), default="outside")
    return doc


def with_misc_missing(docs: Iterable[Doc], guesser: Language) -> list[Doc]:
    """Mark as missing, not as ``O``, what ``guesser`` takes for MISC where the source has none.

    For sources that do not annotate MISC; their own names stay as they are.
    """
    marked = []
    for doc in docs:
        guess = guesser(Doc(guesser.vocab, words=[t.text for t in doc]))
        taken = {token.i for span in doc.ents for token in span}
        missing = [
            Span(doc, span.start, span.end)
            for span in guess.ents
            if span.label_ == "MISC" and taken.isdisjoint(range(span.start, span.end))
        ]
        doc.set_ents(list(doc.ents), missing=missing, default="outside")
        marked.append(doc)
    return marked


def some_quotes(chance: random.Random) -> tuple[str, str]:
    """Choose a style of quotation marks."""
    return chance.choice(QUOTES)


def _with_quotes(tokens: tuple[str, ...], quotes: tuple[str, str]) -> list[str]:
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


def _entities(doc: Doc, tags: tuple[str, ...]) -> list[Span]:
    spans = []
    for start, tag in enumerate(tags):
        if tag.startswith("B-"):
            end = start + 1
            while end < len(tags) and tags[end].startswith("I-"):
                end += 1
            spans.append(Span(doc, start, end, label=tag[2:]))
    return spans
