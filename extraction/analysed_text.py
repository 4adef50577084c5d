"""The running text of an article, cut once for all that read it.

Not made of spaCy's tokens: the model never sees datelines and reads long texts in pieces, another
model (``DEPESCHE_SPACY_MODEL``) would cut otherwise, and highlights and headlines, which follow
the same rules, know no model.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from functools import cached_property

from german.sentences import Span, paragraphs, sentences_of
from german.tokens import Token, Tokens, quotation_marks, tokens


class AnalysedField:
    """One text and its cuts, each made when it is first asked for."""

    def __init__(self, text: str) -> None:
        self.text = text

    @cached_property
    def tokens(self) -> Tokens:
        """Words, numbers and marks."""
        return tokens(self.text)

    @cached_property
    def sentences(self) -> list[Span]:
        """Its sentences, without white space at their edges."""
        return sentences_of(self.text, self.paragraphs)

    @cached_property
    def sentence_ends(self) -> list[int]:
        """Where the sentences end, in order."""
        return [end for _, end in self.sentences]

    @cached_property
    def stops(self) -> frozenset[int]:
        """The same places, to ask whether a sentence ends at one."""
        return frozenset(self.sentence_ends)

    @cached_property
    def paragraphs(self) -> list[Span]:
        """What empty lines part."""
        return paragraphs(self.text)

    def marks(self, start: int, end: int) -> Iterator[Token]:
        """Yield what may open or close a quotation between two places."""
        return quotation_marks(self.text, start, end)

    def ends_between(self, start: int, end: int) -> list[int]:
        """Return the ends of sentences behind ``start`` and before ``end``."""
        ends = self.sentence_ends
        return ends[bisect_right(ends, start) : bisect_left(ends, end)]

    def sentence_start(self, at: int) -> int:
        """Return where the sentence around ``at`` starts, 0 before the first."""
        before = bisect_right(self.sentences, at, key=lambda sentence: sentence.start)
        return self.sentences[before - 1].start if before else 0


class AnalysedText(Mapping[str, str]):
    """The texts of an article by field, in reading order; ``of`` gives the cuts of one."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        self._fields = {name: AnalysedField(text) for name, text in fields.items()}

    def __getitem__(self, name: str) -> str:
        return self._fields[name].text

    def __iter__(self) -> Iterator[str]:
        return iter(self._fields)

    def __len__(self) -> int:
        return len(self._fields)

    def of(self, name: str) -> AnalysedField:
        """Return the field, an empty one if the article has none of that name."""
        return self._fields.get(name) or _EMPTY


_EMPTY = AnalysedField("")


def analysed(fields: Mapping[str, str]) -> AnalysedText:
    """Return the fields as a text whose cuts are shared; one that is so already as it is."""
    return fields if isinstance(fields, AnalysedText) else AnalysedText(fields)


def analysed_field(text: str | AnalysedField) -> AnalysedField:
    """Return a text as a field; one that is so already as it is."""
    return text if isinstance(text, AnalysedField) else AnalysedField(text)
