"""Words of one meaning in news: Austrian, Swiss and German ones, abbreviations, synonyms."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Literal

from german.findable import noun_of
from german.wordlist import rows

Kind = Literal["regional", "abbreviation", "synonym"]
_SAME: Mapping[Kind, str] = {
    "regional": "data/regional.txt",
    "abbreviation": "data/abbreviations.txt",
}
_ALIKE: Mapping[Kind, str] = {"synonym": "data/synonyms.txt"}

Table = Mapping[str, tuple[tuple[Kind, str], ...]]


def equal_words(word: str) -> tuple[tuple[Kind, str], ...]:
    """Return what means the same as a noun in any form and any case of letters, with its kind.

    >>> equal_words("Jänner"), equal_words("spitälern")
    ((('regional', 'Januar'),), (('regional', 'Krankenhaus'),))
    """
    return _of(_same(), word)


def synonyms(word: str) -> tuple[tuple[Kind, str], ...]:
    """Return what may often be said instead of a word in any form, with its kind.

    >>> synonyms("Konkurs"), synonyms("Januar")
    ((('synonym', 'Insolvenz'), ('synonym', 'Pleite'), ('synonym', 'Bankrott')), ())
    """
    return _of(_alike(), word)


def _of(table: Table, word: str) -> tuple[tuple[Kind, str], ...]:
    return table.get(word.lower()) or table.get(noun_of(word).lower(), ())


@lru_cache(maxsize=1)
def _same() -> Table:
    return _table(_SAME)


@lru_cache(maxsize=1)
def _alike() -> Table:
    return _table(_ALIKE)


def _table(named: Mapping[Kind, str]) -> Table:
    table: dict[str, dict[tuple[Kind, str], None]] = {}
    for kind, file in named.items():
        for row in rows("german", file, "="):
            words = [word.strip() for word in row]
            for word in words:
                others = {(kind, other): None for other in words if other != word}
                table.setdefault(word.lower(), {}).update(others)
    return {word: tuple(others) for word, others in table.items()}
