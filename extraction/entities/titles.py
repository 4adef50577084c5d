"""Titles and roles at the front of a person's name: ``Frau Dr. Müller``, ``Präsident Putin``."""

from __future__ import annotations

import re
from typing import NamedTuple

from extraction.entities.context import ADDRESSES
from extraction.entities.gazetteer import Gazetteer
from extraction.entities.role_nouns import role_of_word
from german.lexicon import Gender

_ACADEMIC = re.compile(
    r"(?i)(?:dr\.?|prof\.?|professor(?:in)?|med\.|jur\.|phil\.|rer\.|nat\.|h\.c\.|habil\."
    r"|dipl\.-ing\.|mag\.|ing\.|e\.h\.|ex|sir|lord|lady|mr\.?|mrs\.?|ms\.?|the"
    r"|kolleg(?:en?|in)|graf|gräfin|freiherr|familie|der|die|des|dem|den)\Z"
)
_ADDRESS: dict[str, Gender] = {**ADDRESSES, "madame": "f"}
_WORD = re.compile(r"\S+")


class Plain(NamedTuple):
    """A person's name without what stands before it, where it starts, and the gender told."""

    name: str
    offset: int
    gender: Gender = ""


def without_title(surface: str, gazetteer: Gazetteer) -> Plain:
    """Take offices, academic titles and forms of address off the front; "" if nothing is left.

    ``offset`` counts characters of ``surface``.
    """
    gender: Gender = ""
    words = list(_WORD.finditer(surface))
    for index, word in enumerate(words):
        title = _title(word[0], gazetteer)
        if title is None:
            return Plain(" ".join(w[0] for w in words[index:]), word.start(), gender)
        gender = title or gender
    return Plain("", len(surface), gender)


def _title(word: str, gazetteer: Gazetteer) -> Gender | None:
    """Return the gender that a title tells, "" if none; ``None`` if ``word`` is no title."""
    if address := _ADDRESS.get(word.casefold()):
        return address
    if _ACADEMIC.match(word):
        return "f" if word.endswith("in") else ""
    role = None if gazetteer.first_names.get(word) else role_of_word(word)
    return role.gender if role else None
