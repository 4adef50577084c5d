"""Words, marks and whole quotations of a paragraph, and its sentences.

What stands between quotation marks is one token, so that a sentence keeps its frame:
``Müller sagte : QUOTE .``
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from articles.article import Mention
from extraction.quotes.forms import form
from extraction.quotes.marks import Pair
from german.wordlist import word_list

_TOKEN = re.compile(r"[^\W_]+(?:(?:[-'’.&/]+|(?<=\d)[:,](?=\d))[^\W_]+)*|\.{2,}|[^\w\s]")
#: What the lower case of a quotation is once it is known to be speech.
SPEECH = "„…“"
#: Characters of a quotation that may be a title.
_TITLE = 60
#: Tokens of a sentence; what is longer is no sentence but must not cost more either.
_LONGEST = 200
_FINAL = frozenset(".!?…")
_ABBREVIATIONS = word_list(
    """
    dr prof st bzw ca etc ggf inkl jr sr mio mrd nr rd sog str tel usw vgl z.b d.h u.a o.ä i.d.r
    v.a bspw evtl abs art bd gen hl ing dipl med jur phil jan feb mär apr jun jul aug sep sept okt
    nov dez lt mr mrs ms max min geb gest zzgl ung bes allg kap hrsg
    """
)
#: Words that open a sentence rather than follow an ordinal number: ``… am 3. Der Rest``.
_OPENERS = word_list(
    """
    der die das den dem ein eine einen er sie es wir ich in im am an auf bei nach vor seit für
    mit wie so auch aber doch damit dabei dies diese dieser dazu danach dann hier zu zum zur laut
    insgesamt allerdings außerdem zudem dort jetzt nun man als wenn
    """
)


class Token(NamedTuple):
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

    def as_speech(self) -> Token:
        """Return the quotation as one that is known to be speech, and so no name."""
        name = self.capital
        return self._replace(low=SPEECH, mention=None, name=name, opens=name)


def _may_be_title(pair: Pair) -> bool:
    return not pair.final and pair.end - pair.start < _TITLE


def tokens(
    text: str, start: int, end: int, pairs: Sequence[Pair], mentions: Sequence[Mention]
) -> list[Token]:
    """Return the tokens of ``text[start:end]``; ``pairs`` and ``mentions`` are sorted by start."""
    result: list[Token] = []
    for pair in pairs:
        result += _plain(text, start, pair.start)
        result.append(_quotation(text, pair))
        start = pair.end
    result += _plain(text, start, end)
    _name(result, mentions)
    return result


def _plain(text: str, start: int, end: int) -> Iterator[Token]:
    for found in _TOKEN.finditer(text, start, end):
        written = found[0]
        at, stop = found.span()
        low, capital, word, name, adjective, opens = form(written)
        yield Token(written, at, stop, None, None, low, capital, word, name, adjective, opens)


def _quotation(text: str, pair: Pair) -> Token:
    written = text[pair.start : pair.end]
    capital = written[0].isupper()
    name = capital or _may_be_title(pair)
    word = adjective = False
    return Token(
        *(written, pair.start, pair.end, None, pair), "", capital, word, name, adjective, name
    )


def _name(row: list[Token], mentions: Sequence[Mention]) -> None:
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


def sentences(row: Sequence[Token]) -> Iterator[list[Token]]:
    """Cut the tokens of a paragraph into sentences, each with its final mark."""
    start = 0
    for place, token in enumerate(row[:-1]):
        full = place + 1 - start >= _LONGEST
        if full or (not token.word and _ends(row, place, token, row[place + 1])):
            yield [*row[start : place + 1]]
            start = place + 1
    if start < len(row):
        yield [*row[start:]]


def _ends(row: Sequence[Token], place: int, token: Token, following: Token) -> bool:
    if token.pair:
        return token.pair.final and (following.pair is not None or following.capital)
    if token.text[0] not in _FINAL:
        return False
    if not (
        following.pair
        or following.capital
        or following.text[0].isdigit()
        or following.text in "([–-"
    ):
        return False
    before = row[place - 1] if place else None
    if token.text != "." or before is None or before.end != token.start or before.pair:
        return True
    return not _abbreviates(before, following)


def _abbreviates(before: Token, following: Token) -> bool:
    """Tell whether the point belongs to ``before``: an abbreviation, an initial, an ordinal."""
    if before.low.isdigit():
        opens = following.pair is not None or following.low in _OPENERS
        return len(before.low) <= 2 and not opens  # noqa: PLR2004
    return is_abbreviation(before)


def is_abbreviation(token: Token) -> bool:
    """Tell whether the word is an initial or a common abbreviation: ``Dr``, ``v.a``."""
    return (len(token.low) == 1 and token.capital) or token.low in _ABBREVIATIONS
