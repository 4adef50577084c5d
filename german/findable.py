"""The words by which a text is to be found although it does not spell them.

What is written at intake and what a query asks for are made here by the same rules.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain, islice
from typing import NamedTuple

from german.compounds import compound_words, inside, lemma, parts
from german.distinct import unspaced
from german.gender_forms import words_of_both

_HYPHENED = re.compile(r"(?<![\w-])[^\W\d_]+(?:-[^\W\d_]+)+(?![\w-])")
_NOUN = re.compile(r"(?<![\w-])[^\W\d_]{3,}(?![\w-])")
_LEAST, _LONGEST = 3, 100
#: Pieces of text whose words a process keeps, about 6 MB; longer ones seldom come again.
_KEPT, _LONGEST_KEPT = 30_000, 40
#: Distinct pieces of one text whose words are looked for. A book has fewer; a file of invented ones
#: would keep intake for minutes.
_MOST = 200_000
#: What stands around a word, so that `Haus`, `„Haus` and `Haus.` are one piece.
_MARKS = ".,:;!?()[]/„“”‚‘’»«›‹\"'…"


class _Found(NamedTuple):
    """By what else a piece of text is to be found."""

    compounds: tuple[str, ...]
    nouns: tuple[str, ...]
    joined: tuple[str, ...]


def words_to_find(text: str) -> list[str]:
    """Return the distinct words that ``text`` shall be found by beside its own.

    What forms for both genders stand for (``Pilot`` and ``Pilotinnen`` for ``Pilot:innen``), the
    parts of its compounds, the nominative singular of its nouns (``Museum`` for ``Museen``)
    and its hyphenated words in one (``Kosovokrieg`` for ``Kosovo-Krieg``).
    """
    # None of them reaches across a blank or has only small letters without a hyphen.
    distinct = islice(unspaced(text), _MOST)
    pieces = (p.strip(_MARKS) for p in distinct if not p.islower() or "-" in p)
    words = dict.fromkeys(words_of_both(text))
    by_piece = [more for more in map(_kept.__getitem__, (*words, *pieces)) if more]
    for kind in zip(*by_piece, strict=True):
        words |= dict.fromkeys(chain.from_iterable(kind))
    return list(words)


def _in_piece(piece: str) -> _Found | None:
    if piece.isalpha() and _LEAST <= len(piece) <= _LONGEST:
        return _in_word(piece) if piece[0].isupper() else None
    nouns = (word for word in _NOUN.findall(piece) if word[0].isupper() and len(word) <= _LONGEST)
    hyphened = (word for word in _HYPHENED.findall(piece) if len(word) <= _LONGEST)
    words = _Found(
        tuple(compound_words(piece)),
        tuple(noun for word in nouns if (noun := lemma(word)) != word),
        tuple(word.replace("-", "").capitalize() for word in hyphened),
    )
    return words if any(words) else None


def _in_word(word: str) -> _Found | None:
    """Read a piece that is one word, as most are, without looking for words in it."""
    noun = lemma(word)
    words = _Found(inside(word), (noun,) if noun != word else (), ())
    return words if any(words) else None


class _Kept(dict[str, _Found | None]):
    """What was found in pieces: begun anew when full, since keeping order costs more than it."""

    def __missing__(self, piece: str) -> _Found | None:
        words = _in_piece(piece)
        if len(piece) <= _LONGEST_KEPT:
            if len(self) >= _KEPT:
                self.clear()
            self[piece] = words
        return words


_kept = _Kept()


def also_found_by(word: str) -> list[tuple[str, bool]]:
    """Return the words by which a word of a text is found beside itself; True for those inside it.

    ``Museen`` is ``Museum``; in ``Munitionslieferung`` there are ``Munition`` and ``Lieferung``.
    """
    known = _kept[word]
    if not known:
        return []
    whole = [(other, False) for other in (*known.nouns, *known.joined)]
    return [*whole, *((other, True) for other in known.compounds)]


@lru_cache(maxsize=10_000)
def noun_of(word: str) -> str:
    """Return the nominative singular of a noun in any case of letters, else the word."""
    return lemma(word[:1].upper() + word[1:])


@lru_cache(maxsize=10_000)
def parts_of(word: str) -> tuple[str, ...]:
    """Return the smallest parts of a compound in any case of letters, () if it is none."""
    return parts(word[:1].upper() + word[1:])
