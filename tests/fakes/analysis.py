"""Texts to terms, nearly as the index's analyzers do it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any
from unicodedata import combining, normalize

from german.gender_forms import is_gender_form, one_way
from german.typed import parts_of_token, typed

#: A colon or a point between letters, a point or a comma between digits is part of a word.
WORD = r"\w+(?:(?:(?<=[^\W\d_])[:.](?=[^\W\d_])|(?<=\d)[.,](?=\d))\w+)*"
#: What an analyzer of queries is called behind the name of that of texts.
_QUERY = "_query"
Json = dict[str, Any]
#: A term with its place in the field.
Placed = tuple[int, str]

_STOP = frozenset(
    ("der", "die", "das", "den", "dem", "des", "und", "in", "im", "zu", "ein", "eine", "von", "mit")
)
#: Of other languages the words that say nothing, and endings with what stands in their place.
_FOREIGN: dict[str, tuple[frozenset[str], tuple[tuple[str, str], ...]]] = {
    "english_news": (
        frozenset(("a", "an", "and", "by", "in", "of", "s", "the", "was", "who")),
        (("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("e", "")),
    ),
    "english_exact": (frozenset(("s",)), ()),
    "french_news": (
        frozenset(("d", "de", "des", "du", "l", "la", "le", "les", "un", "une")),
        (("aux", "al"), ("es", ""), ("s", ""), ("x", ""), ("e", "")),
    ),
    "french_exact": (frozenset(("d", "l", "qu")), ()),
}
_BETWEEN_VALUES = 100
_RULES = (("ern", 5), ("em", 4), ("en", 4), ("er", 4), ("es", 4), ("e", 3), ("s", 4))


def terms(text: str, analyzer: str) -> list[str]:
    """Return the terms of a text or of a query."""
    return [term for _, term in placed([text], analyzer)]


def placed(texts: Iterable[str], analyzer: str) -> list[Placed]:
    """Return all terms of a field's values; between two values there is a gap."""
    places: list[Placed] = []
    start = 0
    whole, analyzer = analyzer.endswith(_QUERY), analyzer.removesuffix(_QUERY)
    german = analyzer == "german_news"
    for text in texts:
        abroad = analyzer in _FOREIGN  # an apostrophe ends a word there
        words = words_of(text if abroad else typed(one_way(text) if german else text))
        known = (
            (start + n, _term(form, analyzer))
            for n, word in enumerate(words)
            for part in [word, *([] if whole else parts_of_token(word))]
            for form in (_both_genders(part) if german else [part])
        )
        places += [(place, term) for place, term in known if term]
        start += len(words) + _BETWEEN_VALUES
    return places


def words_of(text: str) -> list[str]:
    """Return the words as they stand."""
    return re.findall(WORD, text)


def _both_genders(word: str) -> list[str]:
    """``Pilot:innen`` stands for three words in one place."""
    base, colon, end = word.partition(":")
    if not colon or not is_gender_form(word):
        return [word]
    more = [f"{base}in"] if end == "innen" else [end.removeprefix("innen")] if end[5:] else []
    return [base, base + end, *more]


def _term(word: str, analyzer: str) -> str:
    low = word.lower()
    if analyzer == "exact":
        return low
    if analyzer in {"name", "folded"}:
        return folded(low)
    if analyzer in _FOREIGN:
        stop, endings = _FOREIGN[analyzer]
        return "" if low in stop else _other_stem(folded(low), endings)
    return "" if low in _STOP else _stem(folded(low))


def folded(word: str) -> str:
    """Return it without umlauts and accents."""
    plain = normalize("NFKD", word.replace("ß", "ss"))
    return "".join(letter for letter in plain if not combining(letter))


def _stem(word: str) -> str:
    for ending, least in _RULES:
        if len(word) > least and word.endswith(ending):
            return word.removesuffix(ending)
    return word


def _other_stem(word: str, endings: tuple[tuple[str, str], ...]) -> str:
    for ending, instead in endings:
        if len(word) > len(ending) + 2 and word.endswith(ending):
            return word.removesuffix(ending) + instead
    return word
