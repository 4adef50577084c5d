"""Put a speaker who has no name into the nominative: ``(nach Angaben) des Flughafens``."""

from __future__ import annotations

from extraction.entities.gazetteer import shipped
from extraction.entities.nominative import dictionary_form
from extraction.entities.role_nouns import role_of_word
from german.agreement import agreed, left_open
from german.lexicon import Gender
from german.wordlist import word_list

#: Determiners that are no plural: `der Experten` may be many.
_SINGULAR = word_list("des dem eines einem dieses diesem seines seinem ihres ihrem")
#: Genders before which a possessive has no ending in the nominative.
_WITHOUT_E = frozenset[Gender]({"m", "n"})
_POSSESSIVE = {"sei": "sein", "ihr": "ihr", "uns": "unser"}


def nominative(words: str, determiner: str) -> str:
    """Return ``words``, which stand behind ``determiner``, in the nominative.

    Without the determiner, which would be another, but with a possessive: who ``sein Haus`` is
    the text tells and ``Haus`` does not. What is not known stays as it is.
    """
    before, _, head = words.rpartition(" ")
    single = determiner in _SINGULAR and not before
    role = role_of_word(head, determiner) if single else None
    name = role.name if role else dictionary_form(words, determiner, "ORG", shipped()) or words
    whose = _POSSESSIVE.get(determiner[:3], "")
    if not whose or determiner == "ihr":
        return name
    noun = name.rpartition(" ")[2]
    left = left_open(determiner)
    if left <= _WITHOUT_E or agreed(noun, determiner) in _WITHOUT_E:
        return f"{whose} {name}"
    return f"{whose}e {name}" if agreed(noun, determiner) else name
