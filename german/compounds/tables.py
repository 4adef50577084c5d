"""The splitter's data files, read once: nouns, first parts, blocked parts, whole words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from german.wordlist import rows, words_of

#: A country makes compounds as freely as a part that was seen in this many.
_LAND_SEEN = 20


class Unit(NamedTuple):
    """What a stretch of a compound stands for; ``seen`` counts the compounds it was seen in."""

    lemma: str
    seen: int


@dataclass(frozen=True, slots=True)
class Tables:
    """Everything the splitter looks up, all keys in lower case.

    ``heads`` are inflected nouns that may end a compound, ``modifiers`` first parts with their
    linking element (``verteidigungs``), ``whole`` words that are never split, ``lemmas`` the
    lemma of each known noun's form, ``zipf`` a lemma's frequency (base-10 logarithm of its
    occurrences in a billion words).
    """

    heads: dict[str, Unit]
    modifiers: dict[str, Unit]
    whole: frozenset[str]
    lemmas: dict[str, str]
    zipf: dict[str, float]


def _nouns() -> Iterator[list[str]]:
    return rows("german.compounds", "nouns.tsv")


@lru_cache(maxsize=1)
def tables() -> Tables:
    """Return the tables; the first call reads them, in about 0.1 s."""
    heads: dict[str, Unit] = {}
    lemmas: dict[str, str] = {}
    zipf: dict[str, float] = {}
    for lemma, seen, frequency, *_ in _nouns():
        low = lemma.lower()
        lemmas[low], zipf[low] = lemma, float(frequency)
        if seen != "0":
            heads[low] = Unit(lemma, int(seen))
    for lemma, _, _, *forms in _nouns():
        unit = heads.get(lemma.lower())
        for form in forms:
            lemmas.setdefault(form, lemma)
            if unit:
                heads.setdefault(form, unit)
    modifiers = {
        form: Unit(lemma, int(seen))
        for form, lemma, seen in rows("german.compounds", "modifiers.tsv")
    }
    for name in words_of("german.compounds", "lands.txt"):
        modifiers[name.lower()] = Unit(name, _LAND_SEEN)
    whole = frozenset(word.lower() for word in words_of("german.compounds", "whole.txt"))
    return Tables(heads, modifiers, whole, lemmas, zipf)
