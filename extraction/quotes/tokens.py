"""Words, marks and whole quotations of a paragraph, and its sentences.

What stands between quotation marks is one token, so that a sentence keeps its frame:
``Müller sagte : QUOTE .`` All others are the article's tokens, and so are its sentences.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from articles.article import Mention
from extraction.analysed_text import AnalysedField
from extraction.quotes.forms import form
from extraction.quotes.marks import Pair
from german import tokens as german

#: What the lower case of a quotation is once it is known to be speech.
SPEECH = "„…“"
#: Characters of a quotation that may be a title. Set by hand, see ``extraction.quotes``.
_TITLE = 60
#: Tokens of a sentence; what is longer is no sentence but must not cost more either.
_LONGEST = 200


class QuoteToken(NamedTuple):
    """``text`` at ``start`` to ``end`` of its field; ``pair`` is set where it is a quotation.

    ``capital`` tells that it is written like a noun or a name, ``word`` that it is a word or a
    number; ``name`` that it may be a name or a noun, ``adjective`` that it may stand before one,
    and ``opens`` that a noun phrase may begin with it.
    """

    text: str
    start: int
    end: int
    mention: Mention | None
    pair: Pair | None
    low: str
    capital: bool
    word: bool
    name: bool
    adjective: bool
    opens: bool

    @property
    def title(self) -> bool:
        """Tell whether it is a quotation that may be a name: ``die „Computerwoche“``."""
        return self.pair is not None and self.low != SPEECH and _may_be_title(self.pair)

    def as_speech(self) -> QuoteToken:
        """Return the quotation as one that is known to be speech, and so no name."""
        name = self.capital
        return self._replace(low=SPEECH, mention=None, name=name, opens=name)


def _may_be_title(pair: Pair) -> bool:
    return not pair.final and pair.end - pair.start < _TITLE


def tokens(
    field: AnalysedField, start: int, end: int, pairs: Sequence[Pair], mentions: Sequence[Mention]
) -> list[QuoteToken]:
    """Return the tokens from ``start`` to ``end``; pairs and mentions are sorted by start."""
    result: list[QuoteToken] = []
    for pair in pairs:
        result += _plain(field, start, pair.start)
        result.append(_quotation(field.text, pair))
        start = pair.end
    result += _plain(field, start, end)
    _name(result, mentions)
    return result


def _plain(field: AnalysedField, start: int, end: int) -> list[QuoteToken]:
    within = field.tokens.between(start, end)
    if within and (within[0].start < start or within[-1].end > end):
        within = [part for token in within for part in _clipped(token, start, end)]
    row = []
    for written, at, stop in within:
        low, capital, word, name, adjective, opens = form(written)
        row.append(
            QuoteToken(written, at, stop, None, None, low, capital, word, name, adjective, opens)
        )
    return row


def _clipped(token: german.Token, start: int, end: int) -> Iterator[german.Token]:
    """Yield what a quotation leaves of a token: ``-`` and ``Chef`` of ``Spiegel'-Chef``."""
    first, last = max(token.start, start), min(token.end, end)
    for text, at, stop in german.tokens(token.text[first - token.start : last - token.start]):
        yield german.Token(text, first + at, first + stop)


def _quotation(text: str, pair: Pair) -> QuoteToken:
    written = text[pair.start : pair.end]
    capital = written[0].isupper()
    name = capital or _may_be_title(pair)
    word = adjective = False
    return QuoteToken(
        written,
        pair.start,
        pair.end,
        mention=None,
        pair=pair,
        low="",
        capital=capital,
        word=word,
        name=name,
        adjective=adjective,
        opens=name,
    )


def _name(row: list[QuoteToken], mentions: Sequence[Mention]) -> None:
    """Give the tokens the mentions that they belong to; a quotation only one that fills it."""
    place = 0
    for mention in mentions:
        while place < len(row) and row[place].end <= mention.start:
            place += 1
        while place < len(row) and row[place].start < mention.end:
            pair = row[place].pair
            if not pair or 2 * (mention.end - mention.start) >= pair.last - pair.first:
                row[place] = row[place]._replace(mention=mention, name=True, opens=True)
            place += 1


def sentences(row: Sequence[QuoteToken], ends: Container[int]) -> Iterator[list[QuoteToken]]:
    """Cut the tokens of a paragraph at those of its sentence ends that no quotation holds."""
    start = 0
    for place, token in enumerate(row[:-1]):
        if place + 1 - start >= _LONGEST or (not token.word and token.end in ends):
            yield [*row[start : place + 1]]
            start = place + 1
    if start < len(row):
        yield [*row[start:]]
