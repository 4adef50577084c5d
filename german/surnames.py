"""The list of surnames, for the names of people and against places that are called so."""

from __future__ import annotations

from functools import cache

from german.wordlist import lines


@cache
def surnames() -> frozenset[str]:
    """Return surnames whose form with -s is a genitive (``seeds/gazetteers``), read once."""
    return frozenset(lines("seeds", "gazetteers/surnames.txt"))
