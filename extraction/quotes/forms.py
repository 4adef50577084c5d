"""What a word's letters alone tell of it, told once for each word: words repeat a lot."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import NamedTuple

from extraction.quotes.verbs import verbs
from extraction.quotes.word_lists import (
    ADVERBS,
    AUXILIARIES,
    CONJUNCTIONS,
    DETERMINERS,
    NO_ADJECTIVES,
    PAST_SUBJUNCTIVE,
    PREPOSITIONS,
    PRONOUNS,
    SUBJUNCTIVE,
)
from german.inflection import ADJECTIVE_ENDINGS

#: Words that are kept, and their letters at most: what is longer is none, and would fill memory.
_KEPT, _LONGEST = 16_384, 60
_NO_NOUNS = ADVERBS | CONJUNCTIONS | AUXILIARIES | PREPOSITIONS | PRONOUNS | DETERMINERS
_SMALL_WORDS = (
    NO_ADJECTIVES
    | AUXILIARIES
    | SUBJUNCTIVE
    | PAST_SUBJUNCTIVE
    | PRONOUNS
    | DETERMINERS
    | PREPOSITIONS
)


class Form(NamedTuple):
    """``capital`` and ``word`` as in a token; ``name`` if it may be a name or a noun.

    ``opens`` tells that a noun phrase may begin with it.
    """

    low: str
    capital: bool
    word: bool
    name: bool
    adjective: bool
    opens: bool


def form(text: str) -> Form:
    """Return what is known of a word or a mark; it is not empty."""
    return _known(text) if len(text) <= _LONGEST else _read(text)


def _read(text: str) -> Form:
    low = text.lower()
    capital, word = text[0].isupper(), text[0].isalnum()
    # ai-Bericht, der 58-Jährige
    name = low not in _NO_NOUNS if capital else text != low or "-jährige" in low
    adjective = word and text == low and _is_adjective(low)
    opens = name or adjective or low in DETERMINERS or low in PRONOUNS
    return Form(low, capital, word, name, adjective, opens)


_known = lru_cache(maxsize=_KEPT)(_read)


def _is_adjective(low: str) -> bool:
    return low.isdigit() or (low.endswith(ADJECTIVE_ENDINGS) and low not in _no_adjectives())


@cache
def _no_adjectives() -> frozenset[str]:
    return _SMALL_WORDS | verbs().finite.keys()
