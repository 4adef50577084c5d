"""Words that may hold a name, and what may stand behind one: ``Nato-Gipfel``, ``Irakkrieg``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from extraction.analysed_text import AnalysedField
from german.lexicon import is_noun
from german.wordlist import word_list

#: What makes a state's name the word for those who live there, or for a part of a place.
_NO_RESTS = word_list(
    """
    innen rinnen land länder lands landes ländern stadt städte dorf burg berg hausen heim
    straße strasse platz weg allee gasse funk trend meister meisters meisterin meisterschaft
    meisterschaften korps
    """
)
_ADJECTIVE = re.compile(r"(?:an|en|er|es|n|t|l)?isch(?:e[nrsm]?|s)?\Z")
#: Adjectives that a name may stand before: ``deutschlandweit``, ``kremlnahe``, ``EU-geführt``.
_ATTACHED = re.compile(
    r"(?:weit|nah|fern|freundlich|kritisch|treu|feindlich|müde|typisch|stämmig|spezifisch)"
    r"(?:e[nrsm]?)?\Z"
)
#: Nouns before which nothing stands for itself: ``US-Dollar``.
_NO_HEADS = word_list("dollar")
HYPHEN = re.compile(r"[-‑–/]")
_WORD = re.compile(r"(?<![\w.’'/-])[A-ZÄÖÜ][\w.’']*(?:[-‑/][\w.’']+)*[-‑][^\W\d_]{2,}")
_SMALL = re.compile(
    rf"{_ATTACHED.pattern[:-2]}|\\w{{2,30}}(?:t|end|isch|ig|lich|bar|los)(?:e[nrsm]?)?\\Z"
)
#: What has its noun behind another: ``Ryanair- und Easyjet-Flüge``.
_LEFT = re.compile(
    r"(?<![\w.’'/-])[A-ZÄÖÜ][\w.&]{1,30}-(?=,? (?:und|oder|sowie|bis|[A-ZÄÖÜ][\w-]*-)\b)"
)
_SHORTEST, SHORTEST_NOUN, _SHORTEST_WHOLE = 3, 4, 8


def words_with_names(text: str) -> Iterator[tuple[int, int]]:
    """Yield where words with a hyphen stand, in front of a noun or alone."""
    for match in _WORD.finditer(text):
        if _is_head(HYPHEN.split(match[0])[-1]):
            yield match.span()
    for match in _LEFT.finditer(text):
        yield match.span()


def long_words(field: AnalysedField) -> Iterator[tuple[str, int]]:
    """Yield the words that are long enough for two, and where they start."""
    cut = field.tokens
    for word, start in zip(cut.words, cut.starts, strict=True):
        if len(word) >= _SHORTEST_WHOLE and word.isalpha():
            yield word, start


def _is_head(piece: str) -> bool:
    """Tell whether a name may stand before this: ``Gipfel``, ``geführt``, not ``Salomon``."""
    if piece[:1].islower():
        return bool(_SMALL.match(piece))
    return len(piece) >= _SHORTEST and piece.lower() not in _NO_HEADS and is_noun(piece)


def is_rest(rest: str, small: bool = False) -> bool:
    """Tell whether a name may stand before this without a hyphen; ``small`` letters begin it."""
    if len(rest) < SHORTEST_NOUN - small or rest in _NO_RESTS or _ADJECTIVE.match(rest):
        return False
    return bool(_ATTACHED.match(rest)) or (not small and is_noun(rest.capitalize()))
