"""Word lists that can be read and kept in order."""

from __future__ import annotations


def word_list(words: str) -> frozenset[str]:
    """Return the set of the words in ``words``, which white space parts."""
    return frozenset(words.split())
