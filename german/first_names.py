"""First names and the gender of those who bear them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import cast

from german.declension import Gender
from german.wordlist import rows, words_of


@cache
def first_names() -> Mapping[str, Gender]:
    """Return first names as ``f``, ``m`` or "" (borne by both, or not known); read once.

    What one list has as a woman's and another as a man's is "": it tells nothing.
    """
    known: dict[str, Gender] = {}
    for gender, names in rows("german", "data/first-names.tsv"):
        known.update(dict.fromkeys(names.split(" "), cast("Gender", gender)))
    return known


@cache
def noun_names() -> frozenset[str]:
    """Return the common nouns that are people's names as well: ``Cäsar``, ``Strauß``."""
    return words_of("german", "data/noun-names.txt")


def gender_of_person(name: str, known: Mapping[str, Gender] | None = None) -> Gender:
    """Return ``f`` or ``m`` for a person's full name, "" if the first name does not tell.

    Of ``Anna-Maria Muster`` the whole first name is looked at, then its first half. A single word
    is taken for a surname. ``known`` maps first names to genders, :func:`first_names` if missing.
    """
    names = first_names() if known is None else known
    first, _, rest = name.strip().partition(" ")
    if not rest:
        return ""
    return names.get(first) or names.get(first.partition("-")[0], "")
