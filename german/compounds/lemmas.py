"""Words and texts: the parts of their compounds as lemmas."""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache

from german.compounds.split import LONGEST, cut
from german.compounds.tables import tables
from german.declension import nominatives
from german.distinct import distinct
from german.wordlist import word_list

_KEPT = 16_384
#: Words at the head of a sentence that only look like forms of nouns (``Gege``, ``Werd``, ``Die``).
_NO_FORMS = word_list("alles angesichts dies eigens falls fürs gegen seines wegen werde werden")
_DEPTH = 3
#: A word that may be a compound: a capital, letters, hyphens inside or (``Haushalts-``) behind.
_WORD = re.compile(r"(?<![\w-])[^\W\d_]+(?:-[^\W\d_]+)*-?(?!\w)")


@lru_cache(maxsize=_KEPT)
def parts(word: str) -> tuple[str, ...]:
    """Return the smallest meaningful parts of a compound in order, () if the word is none.

    Parts are dictionary forms: nouns in the nominative singular, adjectives and verbs in lower
    case (``Wohnhaus``: ``wohnen``, ``Haus``). Hyphens always part known words (``CDU-Vorsitzende``)
    but not names (``Leutheusser-Schnarrenberger``). Words whose parts would mislead stay whole
    (``Bundestag``). Any string may be given; what does not start with a capital has no parts.
    """
    if not word[:1].isupper():
        return ()
    if "-" in word:
        return _hyphenated(word)
    return tuple(_leaves(word.lower()))


@lru_cache(maxsize=_KEPT)
def nested(word: str) -> tuple[str, ...]:
    """Return the known words in a compound that are compounds themselves, longest first."""
    pieces = word.split("-")[-1:] + word.split("-")[:-1] if "-" in word else [word]
    compounds: list[str] = []
    for piece in pieces:
        if "-" in word and parts(piece):
            compounds.append(lemma(piece))
        if piece[:1].isupper():
            compounds += _inside(piece.lower())
    return tuple(dict.fromkeys(compounds))


@lru_cache(maxsize=_KEPT)
def lemma(word: str) -> str:
    """Return the nominative singular of a noun or compound noun, else the word as it is."""
    low = word.lower()
    if known := tables().lemmas.get(low):
        return known
    if "-" in word:
        before, _, last = word.rpartition("-")
        return f"{before}-{lemma(last)}" if last[:1].isupper() else word
    if not word[:1].isupper() or low in _NO_FORMS:
        return word
    if pieces := cut(low):
        last, unit = pieces[-1]
        return word[: len(word) - len(last)] + unit.lemma.lower()
    base = next((base for base, _ in nominatives(low)), low)
    return word if base == low else base.capitalize()


def compound_words(text: str, names: Collection[str] = ()) -> list[str]:
    """Return the distinct parts and nested words of all compounds of a text, first seen first.

    The words of ``names`` stay whole: a surname may look like a compound (``Seehofer``).
    """
    own = {form for name in names for word in name.split() for form in (word, word + "s")}
    words: dict[str, None] = {}
    for word in distinct(_WORD, text):
        whole = not word[:1].isupper() and "-" not in word  # two words of three, said quickly
        if not whole and len(word) <= LONGEST * 2 and word not in own:
            words.update(dict.fromkeys(inside(word)))
    return list(words)


def inside(word: str) -> tuple[str, ...]:
    """Return the parts of one compound and the words nested in it, () if it is none."""
    smallest = parts(word)
    if not smallest and "-" not in word:  # then nothing can be nested
        return ()
    return tuple(dict.fromkeys((*smallest, *nested(word))))


def _leaves(low: str, depth: int = _DEPTH) -> list[str]:
    pieces = cut(low) if depth else ()
    leaves: list[str] = []
    for _, unit in pieces:
        leaves += _leaves(unit.lemma.lower(), depth - 1) or [unit.lemma]
    return leaves


def _surfaces(low: str, depth: int = _DEPTH) -> list[str]:
    """Return the parts as they stand, down to the smallest where their lemma shows them."""
    surfaces: list[str] = []
    for part, unit in cut(low) if depth else ():
        inner = _surfaces(unit.lemma.lower(), depth - 1)
        if inner and part.startswith("".join(inner)):
            inner[-1] += part[len("".join(inner)) :]
        surfaces += inner if "".join(inner) == part else [part]
    return surfaces


def _inside(low: str) -> list[str]:
    """Return the compounds among the units, and the known words that the last parts make."""
    compounds = [unit.lemma for _, unit in cut(low) if cut(unit.lemma.lower())]
    lemmas = tables().lemmas
    surfaces = _surfaces(low)
    for at in range(1, len(surfaces) - 1):
        tail = "".join(surfaces[at:])
        if tail in lemmas and cut(tail):
            compounds.append(lemmas[tail])
    return sorted(dict.fromkeys(compounds), key=len, reverse=True)


def _hyphenated(word: str) -> tuple[str, ...]:
    pieces = [piece for piece in word.split("-") if piece]
    if len(pieces) <= 1:
        return _before_hyphen(pieces[0]) if pieces else ()
    last = pieces[-1]
    if last[:1].islower() or not (last.lower() in tables().heads or parts(last)):
        return ()
    words: list[str] = []
    for piece in pieces:
        if piece.isalpha() and len(piece) > 1:
            words += parts(piece) or [lemma(piece) if piece is last else piece]
    return tuple(words)


def _before_hyphen(piece: str) -> tuple[str, ...]:
    """Read the first half of a pair: ``Haushalts-`` of ``Haushalts- und Finanzpolitik``."""
    known = tables().modifiers.get(piece.lower())
    if known is None:
        return ()
    return tuple(_leaves(known.lemma.lower())) or (known.lemma,)
