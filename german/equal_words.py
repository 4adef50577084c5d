"""Words that mean the same in news: of Austria, Switzerland and Germany, and abbreviations."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from german.findable import noun_of
from german.wordlist import rows

Kind = Literal["regional", "abbreviation"]
_FILES: dict[Kind, str] = {
    "regional": "data/regional.txt",
    "abbreviation": "data/abbreviations.txt",
}


def equal_words(word: str) -> tuple[tuple[Kind, str], ...]:
    """Return what means the same as a noun in any form and any case of letters, with its kind.

    >>> equal_words("Jänner"), equal_words("spitälern")
    ((('regional', 'Januar'),), (('regional', 'Krankenhaus'),))
    """
    table = _table()
    return table.get(word.lower()) or table.get(noun_of(word).lower(), ())


@lru_cache(maxsize=1)
def _table() -> dict[str, tuple[tuple[Kind, str], ...]]:
    table: dict[str, dict[tuple[Kind, str], None]] = {}
    for kind, file in _FILES.items():
        for row in rows("german", file, "="):
            words = [word.strip() for word in row]
            for word in words:
                others = {(kind, other): None for other in words if other != word}
                table.setdefault(word.lower(), {}).update(others)
    return {word: tuple(others) for word, others in table.items()}
