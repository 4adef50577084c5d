"""The words by which a text is to be found although it does not spell them.

What is written at intake and what a query asks for are made here by the same rules.
"""

from __future__ import annotations

import re
from functools import lru_cache

from extraction.compounds import compound_words, lemma, parts
from extraction.distinct import distinct

_HYPHENED = re.compile(r"(?<![\w-])[^\W\d_]+(?:-[^\W\d_]+)+(?![\w-])")
_NOUN = re.compile(r"(?<![\w-])[^\W\d_]{3,}(?![\w-])")
_LONGEST = 100


def words_to_find(text: str) -> list[str]:
    """Return the distinct words that ``text`` shall be found by beside its own.

    The parts of its compounds, the nominative singular of its nouns (``Museum`` for ``Museen``)
    and its hyphenated words in one (``Kosovokrieg`` for ``Kosovo-Krieg``).
    """
    found = dict.fromkeys(compound_words(text))
    for word in distinct(_NOUN, text):
        if word[0].isupper() and len(word) <= _LONGEST and (noun := lemma(word)) != word:
            found[noun] = None
    for word in distinct(_HYPHENED, text):
        if len(word) <= _LONGEST:
            found[word.replace("-", "").capitalize()] = None
    return list(found)


@lru_cache(maxsize=10_000)
def noun_of(word: str) -> str:
    """Return the nominative singular of a noun in any case of letters, else the word."""
    return lemma(word[:1].upper() + word[1:])


@lru_cache(maxsize=10_000)
def parts_of(word: str) -> tuple[str, ...]:
    """Return the smallest parts of a compound in any case of letters, () if it is none."""
    return parts(word[:1].upper() + word[1:])
