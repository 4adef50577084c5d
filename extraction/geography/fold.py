"""One key for the spellings of a name: ``São Paulo`` and ``Sao Paulo``, ``St.`` and ``Sankt``."""

from __future__ import annotations

import re
import unicodedata

_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
    | dict.fromkeys("'’‘ʼʻ`´‑", "")
    | dict.fromkeys("-–—,/()", " ")
)
_SAINT = re.compile(r"\bst\b\.?")


def fold(name: str) -> str:
    """Return ``name`` in small letters without accents, apostrophes and hyphens."""
    small = name.casefold()
    if not small.isascii():
        parts = unicodedata.normalize("NFKD", small)
        small = "".join(letter for letter in parts if not unicodedata.combining(letter))
    small = " ".join(small.translate(_LETTERS).split())
    return _SAINT.sub("sankt", small) if "st" in small else small
