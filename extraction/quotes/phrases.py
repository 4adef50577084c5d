"""Noun phrases of a sentence, found by their small words and capitals.

No parser stands behind it: a phrase is a determiner, words written small, and a row of capitals,
with what belongs to them: genitives, ``von``, ``aus`` and ``für``, appositions, brackets.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from articles.article import Mention
from extraction.quotes.tokens import QuoteToken
from extraction.quotes.word_lists import DETERMINERS, GENITIVE, OBLIQUE, PREPOSITIONS, PRONOUNS
from german.sentences import is_abbreviation

#: Adjectives of a phrase; its attribute may be twice as long. Set by hand, see
#: ``extraction.quotes``.
_LONGEST = 6
_ONE_OF = frozenset({"einer", "eine", "eines", "einige", "viele", "mehrere", "keiner", "keine"})
_JOINING = frozenset({"von", "vom", "aus", "für"})
#: What may follow the core of a phrase within it.
_GOING_ON = GENITIVE | PREPOSITIONS | _JOINING | frozenset("(,–-") | {"und", "sowie"}


class Phrase(NamedTuple):
    """The tokens ``start`` to ``end``; ``core`` is the end of its first row of capitals.

    ``heads`` are the places of the last capital of the core and of each apposition.
    """

    start: int
    end: int
    core: int
    heads: tuple[int, ...]
    preposition: str = ""
    oblique: bool = False
    pronoun: bool = False


def phrases(row: Sequence[QuoteToken], start: int, end: int) -> list[Phrase]:
    """Return the phrases of ``row[start:end]`` in order."""
    read: list[Phrase] = []
    place = start
    preposition = ""
    while place < end:
        token = row[place]
        relation = token.low in PREPOSITIONS and token.mention is None  # not `Zu Guttenberg`
        may_open = token.opens and not relation
        phrase = _phrase(row, place, end, preposition) if may_open else None
        if phrase:
            read.append(phrase)
            place = phrase.end
            preposition = ""
        else:
            preposition = token.low if relation else ""
            place += 1
    return read


def _phrase(row: Sequence[QuoteToken], start: int, end: int, preposition: str) -> Phrase | None:
    low = row[start].low
    core = _core(row, start, end)
    if core == start:
        if low in PRONOUNS:
            return Phrase(start, start + 1, start + 1, (start,), preposition, pronoun=True)
        return None
    oblique = _is_oblique(row, start, core)
    if core >= end or row[core].low not in _GOING_ON:
        return Phrase(start, core, core, (core - 1,), preposition, oblique)
    heads = [core - 1]
    stop = _bridge(row, _modifiers(row, core, end), end)
    while (after := _apposition(row, stop, end)) > stop:
        heads.append(after - 1)
        stop = _modifiers(row, after, end)
        stop += stop < end and row[stop].text in (",", "–", "-")
    return Phrase(start, stop, core, tuple(heads), preposition, oblique)


def _core(row: Sequence[QuoteToken], start: int, end: int) -> int:
    """Return the end of a determiner, small words and a row of capitals, or ``start``."""
    place = start
    token = row[start]
    if token.low in DETERMINERS:
        if token.low in _ONE_OF and start + 1 < end and row[start + 1].low in ("der", "von"):
            return start + 1
        place = _within_attribute(row, start + 1, end)
    elif not token.name and not token.adjective:
        return start
    limit = min(end, place + _LONGEST)
    while place < limit and row[place].adjective:
        place += 1
    first = place
    while place < end and (row[place].name or _joins_names(row, place, end)):
        place += 1
    return place if place > first else start


def _within_attribute(row: Sequence[QuoteToken], place: int, end: int) -> int:
    """Return where ``der unter dem Namen X auftretende Hacker`` goes on, else ``place``."""
    if place >= end or row[place].low not in PREPOSITIONS:
        return place
    endings = ("er", "es") if row[place - 1].low == "ein" else ("e",)
    for later in range(place + 2, min(end - 1, place + 2 * _LONGEST)):
        if row[later].text in (",", ":"):
            return place
        if row[later].adjective and row[later].low.endswith(endings):
            return later if row[later + 1].name else place
    return place


def is_plain(token: QuoteToken) -> bool:
    """Tell whether the token can neither be a name nor stand before one."""
    return not token.name and not token.adjective


def _joins_names(row: Sequence[QuoteToken], place: int, end: int) -> bool:
    """Tell whether a small word stands within a name: a mention goes on, ``von der Leyen``."""
    before, token = row[place - 1], row[place]
    if token.text == "." and place + 1 < end:
        return is_abbreviation(before.text) and row[place + 1].name
    if token.text == "-" and place + 2 < end and row[place + 1].low in ("und", "oder"):
        return row[place + 2].name  # Kongress- und Verteidigungskreise
    if token.low in ("und", "oder") and before.text == "-":
        return place + 1 < end and row[place + 1].name
    if token.text in ("-", "/", "&") and place + 1 < end:
        return row[place + 1].start == token.end or token.text == "&"
    return before.mention is not None and token.mention is before.mention


def _modifiers(row: Sequence[QuoteToken], place: int, end: int) -> int:
    """Return the end of the genitives, ``von …`` and brackets that follow at ``place``."""
    while place < end:
        low = row[place].low
        if row[place].text == "(":
            close = next((i for i in range(place, min(end, place + 12)) if row[i].text == ")"), -1)
            stop = close + 1 if close > 0 else place
        elif low in _JOINING:
            stop = _core(row, place + 1, end) if place + 1 < end else place + 1
            stop = stop if stop > place + 1 else place
        elif low in GENITIVE and place:
            stop = _core(row, place, end)
        elif low in ("und", "sowie") and place + 1 < end:
            stop = _core(row, place + 1, end)
            stop = stop if stop > place + 1 else place
        else:
            return place
        if stop == place:
            return place
        place = stop
    return place


def _bridge(row: Sequence[QuoteToken], place: int, end: int) -> int:
    """Return where a name stands aside behind a place: ``der Leiter am Klinikum, Uwe Kern,``."""
    if place + 1 >= end or row[place].low not in PREPOSITIONS:
        return place
    core = _core(row, place + 1, end)
    stop = _modifiers(row, core, end)
    if core == place + 1 or stop >= end or row[stop].text != ",":
        return place
    after = _apposition(row, stop, end)
    mention = row[after - 1].mention
    return stop if after > stop and mention and mention.label == "PER" else place


def _apposition(row: Sequence[QuoteToken], place: int, end: int) -> int:
    """Return the end of ``, der Innenminister`` or ``, Nicolas Sarkozy`` at ``place``."""
    if place + 1 >= end or row[place].text not in (",", "–", "-") or row[place].pair:
        return place
    if row[place + 1].low in PREPOSITIONS or row[place + 1].pair:
        return place
    core = _core(row, place + 1, end)
    if core == place + 1:
        return place
    named = row[core - 1].mention is not None
    closes = core >= end or row[core].text in (",", ".", "–", "-", "(", ":")
    more = core < end and (row[core].low in GENITIVE or row[core].low in _JOINING)
    determined = row[place + 1].low in ("der", "die", "das", "ein", "eine")
    bare = row[place + 1].capital
    return core if (named or determined or bare) and (closes or more or named) else place


def _is_oblique(row: Sequence[QuoteToken], start: int, core: int) -> bool:
    low = row[start].low
    if low in OBLIQUE:
        return core > start + 1 or low not in _ONE_OF
    after = row[start + 1] if start + 1 < core else None
    return low == "der" and after is not None and not after.capital and after.low.endswith("en")


def mention_of(row: Sequence[QuoteToken], phrase: Phrase) -> Mention | None:
    """Return the mention that the phrase is about: a person at a head, else any name at one."""
    first = None
    for head in phrase.heads:
        mention = row[head].mention
        if mention and mention.label == "PER":
            return mention
        if mention and mention.label != "MISC":
            first = first or mention
    return first
