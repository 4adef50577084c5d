"""The signs of a query: quotation marks, and those that are part of a number or a name."""

from __future__ import annotations

import re
from unicodedata import category

from german.typed import typed

OPEN, CLOSE = '"„“”»«', '"“”«»'
#: What is read as it stands: phrases, and what has a colon (filters, addresses, ``Pilot:innen``).
_AS_IT_STANDS = re.compile(
    rf"((?:[^\W\d_]+:)?[{OPEN}][^{OPEN}{CLOSE}]*[{CLOSE}]|(?<!\S)-?[^\W\d_]+:\S+)"
)


def in_one_way(text: str) -> str:
    """Return a query in which ``10 000``, ``50 %`` and the like are one word each."""
    pieces = _AS_IT_STANDS.split(text)
    return "".join(piece if n % 2 else typed(piece) for n, piece in enumerate(pieces))


def says_something(text: str) -> bool:
    """Tell whether there is anything to search for: a letter, a digit, a symbol such as ☂."""
    return any(sign.isalnum() or category(sign) == "So" for sign in text)
