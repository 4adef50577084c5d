"""The word lists beside this module."""

from __future__ import annotations

from german.wordlist import words_of


def words(name: str) -> frozenset[str]:
    """Return the words of a file beside this module."""
    return words_of("extraction.keyphrases", name)


def is_generic(noun: str) -> bool:
    """Tell whether a noun says nothing of an article's subject: ``Jahr``, ``Italienerin``."""
    generic = words("generic.txt")
    return noun in generic or (noun.endswith("in") and noun[:-2] in generic)
