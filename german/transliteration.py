"""Slavic names as German, English, Polish, Czech and Croatian spell them: one pattern for all.

Russian, Ukrainian and Serbian are written down by ear: ``Owetschkin`` in German (Duden),
``Ovechkin`` in English (BGN/PCGN), ``Ovečkin`` by ISO 9. A sound has one set of spellings, and the
pattern of a name is the sets of its sounds in order, so that two spellings fit each other's.
Accents are none of its matter: the index folds them (``Gabcikovo``).

The floor: only words that the lexicon does not have, of four letters and more, that end like Slavic
names; so ``Meyer`` is never ``Meier``.
"""

from __future__ import annotations

import re
from functools import lru_cache

from german.compounds.tables import tables
from german.derivation.infinitives import infinitives
from german.findable import noun_of, parts_of
from german.folding import unaccented

_SHORTEST = 5
#: ``Kiew``; and ``Sein`` is no ``Schein``.
_SHORT_SURE = 4
#: How names of people and places end, their women's forms too.
_SLAVIC = re.compile(
    r".+(?:[eoi](?:[wv]|ff)a?|[scz]k[aiy](?:[jy]a?)?|[lrnw]n[yi][jy]?|[iy]ch?|[iy]ts?ch|wicz|witz"
    r"|ch?ko|enko|[b-hj-np-z]ina?|uk|[gjy]an|igu|[eo][wv]o|byl)s?\Z"
)
#: So does no German noun, but the lexicon has some names, and many a compound ends in `Ski`.
_SURELY = re.compile(r".+(?:sk[iy]|[eoi][wv]|enko|itsch|byl)\Z")
#: Russian ``ë`` behind a hiss: ``Gorbatschow``, English ``Gorbachev``.
_YO = re.compile(r"(?<=ch|sh)[eo](?=[wv]s?\Z)")
#: Spellings of one sound each, the longest read first; the first of them all that fits is taken.
_SOUNDS = (
    ("schtsch", "shch", "szcz", "stsch"),
    ("tsch", "tch", "cz", "ch", "c"),
    ("dsch", "dzh", "dj", "dz", "d"),
    ("sch", "sh", "sz", "zh", "s", "z"),
    ("kh", "ch", "h"),
    ("ts", "tz", "z", "c"),
    ("ja", "ya", "ia", "a"),
    ("ju", "yu", "iu", "u"),
    ("je", "ye", "ie", "e"),
    ("jo", "yo", "io", "o"),
    ("ij", "yj", "iy", "yy", "iji", "j", "y", "i"),
    ("ss", "s", "z"),
    ("ff", "w", "v"),
    ("ks", "x"),
)
#: A spelling that stands for several sounds (``ch``: Tsche and Cha) may be any of all.
_BY_SPELLING = {
    spelling: tuple(dict.fromkeys(s for sound in _SOUNDS if spelling in sound for s in sound))
    for spelling in {s for sound in _SOUNDS for s in sound} - {"a", "e", "o", "u", "d", "h"}
}
_LONGEST = max(map(len, _BY_SPELLING))


@lru_cache(maxsize=1024)
def spellings(name: str) -> str:
    """Return a regular expression for ``name`` in other spellings, "" where it has none.

    It is for whole words in small letters without accents, and of a kind that Lucene takes too:
    letters, brackets and ``|``.
    """
    low = unaccented(name)
    shortest = _SHORT_SURE if _SURELY.match(low) else _SHORTEST
    if not (low.isascii() and low.isalpha() and len(low) >= shortest and _SLAVIC.match(low)):
        return ""
    return "" if _is_german(name) else _pattern(low)


def _is_german(word: str) -> bool:
    low = word.lower()
    if _SURELY.match(low):
        return False
    return noun_of(word).lower() in tables().lemmas or bool(parts_of(word) or infinitives(low))


def _pattern(low: str) -> str:
    """Return the sets of the sounds of ``low`` in order; "" if each letter has but one spelling."""
    pieces, at = list[str](), 0
    open_ = _YO.search(low)
    while at < len(low):
        size = next((n for n in range(_LONGEST, 0, -1) if low[at : at + n] in _BY_SPELLING), 1)
        spelling = low[at : at + size]
        ways = _BY_SPELLING.get(spelling, (spelling,))
        if open_ and open_.start() == at:
            ways = ("e", "o")
        pieces.append(ways[0] if len(ways) == 1 else f"({'|'.join(ways)})")
        at += size
    return "".join(pieces) if any("(" in piece for piece in pieces) else ""
