"""What different spellings of a name share: every folding that is needed, from mild to strong.

| function | for | Müller | São Paulo | Łódź |
|---|---|---|---|---|
| ``caseless`` | rules, names of one article: case and blanks | müller | são paulo | łódź |
| ``unhyphened`` | the same, ``Presse-Agentur`` as two words | müller | são paulo | łódź |
| ``transcribed`` | people: Mueller is Müller, not Muller | mueller | sao paulo | lodz |
| ``unaccented`` | how like what was typed is to a name | muller | sao paulo | lodz |
| ``place_key`` | the gazetteer: ``Sankt``, ``Xi'an``, ``Tel-Aviv`` | muller | sao paulo | lodz |

The index folds by its own analysis (``indexing/index/mapping.py``), where ``ü`` is ``u`` and ``ue``
at once; nothing here has to give the same.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
#: Letters that are no plain letter with an accent, as Unicode has it.
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
)
_MARKS = str.maketrans(dict.fromkeys("'’‘ʼʻ`´‑", "") | dict.fromkeys("-–—,/()", " "))
_SAINT = re.compile(r"\bst\b\.?")


def caseless(name: str) -> str:
    """Return ``name`` without capitals, with single blanks."""
    return " ".join(name.casefold().split())


def unhyphened(name: str) -> str:
    """Return ``name`` caseless, its words parted by blanks alone; hyphens alone stay."""
    return caseless(name.replace("-", " ")) or caseless(name)


@lru_cache(maxsize=4096)
def transcribed(name: str) -> str:
    """Return ``name`` without capitals and accents, an umlaut as two letters."""
    low = name.casefold()
    if low.isascii():
        return low
    return unaccented(unicodedata.normalize("NFC", low).translate(_UMLAUTS)) or low


def unaccented(text: str) -> str:
    """Return ``text`` without capitals and accents, an umlaut as its first letter."""
    low = text.casefold()
    if low.isascii():
        return low
    parts = unicodedata.normalize("NFKD", low).casefold()
    plain = "".join(letter for letter in parts if not unicodedata.combining(letter))
    return plain.translate(_LETTERS)


def place_key(name: str) -> str:
    """Return ``name`` unaccented, without apostrophes and hyphens, ``St.`` as ``sankt``."""
    plain = " ".join(unaccented(name).translate(_MARKS).split())
    return _SAINT.sub("sankt", plain) if "st" in plain else plain
