"""What the forms of a word share in the index: folded letters and stems, as Lucene makes them.

After ``GermanNormalizationFilter`` (Snowball's ``German2``: an umlaut, ``ae`` and the letter
without points are one), ``ASCIIFoldingFilter`` and ``GermanLightStemmer`` (Savoy, "Light Stemming
Approaches for the French, Portuguese, German and Hungarian Languages", SAC 2006), which the index
has (``indexing/index/mapping.py``). Here, so that what is marked in a text is what was found.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

#: Letters that are no plain letter with an accent, as Unicode has it.
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ə": "a"}
)
_BEFORE_S = frozenset("bdfghklmnt")


def without_umlauts(low: str) -> str:
    """Return small letters without umlauts: the first step of :func:`folded`."""
    return low.replace("ä", "a").replace("ö", "o").replace("ü", "u").replace("ß", "ss")


@lru_cache(maxsize=16_384)
def folded(word: str) -> str:
    """Return ``word`` in small letters without umlauts and accents: ``koln`` for ``Koeln``."""
    low = word.lower()
    plain = _without_e(without_umlauts(low), low)
    if plain.isascii():
        return plain
    parts = unicodedata.normalize("NFKD", plain)
    return "".join(c for c in parts if not unicodedata.combining(c)).translate(_LETTERS)


def _without_e(word: str, low: str) -> str:
    """Drop the ``e`` that stands for the points of an umlaut: ``aendern``, not in ``neue``."""
    if "e" not in word or not ("ae" in word or "oe" in word or "ue" in word):
        return word
    kept, umlaut, ordinary = list[str](), False, True
    points = _points(low)
    for at, letter in enumerate(word):
        if letter == "e" and umlaut:
            umlaut, ordinary = False, False
            continue
        kept.append(letter)
        if at in points:
            umlaut, ordinary = False, False
        elif letter in "ao":
            umlaut, ordinary = True, False
        elif letter == "u":
            umlaut, ordinary = ordinary, False
        else:
            umlaut, ordinary = False, letter not in "eiqy"
    return "".join(kept)


def _points(low: str) -> frozenset[int]:
    """Return where the folded word has what was an umlaut: behind one an ``e`` stays."""
    at, places = 0, list[int]()
    for letter in low:
        if letter in "äöü":
            places.append(at)
        at += 2 if letter == "ß" else 1
    return frozenset(places)


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return what the forms of ``word``, in any letters, share: ``vertrag`` for ``Verträge``."""
    return _second(_first(folded(word)))


def _first(word: str) -> str:
    size = len(word)
    if size > 5 and word.endswith("ern"):  # noqa: PLR2004 -- so long a stem is left
        return word[:-3]
    if size > 4 and word[-2] == "e" and word[-1] in "mnrs":  # noqa: PLR2004
        return word[:-2]
    if size > 3 and word[-1] == "e":  # noqa: PLR2004
        return word[:-1]
    if size > 3 and word[-1] == "s" and word[-2] in _BEFORE_S:  # noqa: PLR2004
        return word[:-1]
    return word


def _second(word: str) -> str:
    size = len(word)
    if size > 5 and word.endswith("est"):  # noqa: PLR2004
        return word[:-3]
    if size > 4 and word[-2:] in ("er", "en"):  # noqa: PLR2004
        return word[:-2]
    if size > 4 and word.endswith("st") and word[-3] in _BEFORE_S:  # noqa: PLR2004
        return word[:-2]
    return word
