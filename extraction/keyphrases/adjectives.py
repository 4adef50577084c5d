"""Adjectives before nouns: known by their endings, shown in the nominative where that is sure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from extraction.keyphrases.lists import words
from extraction.keyphrases.tokens import WeightedWord
from german.agreement import NOMINATIVE
from german.inflection import ADJECTIVE_ENDING
from german.lexicon import genders
from german.wordlist import word_list

Form = tuple[str, str, str]

_ADJECTIVE = re.compile(
    r"(?i)(?P<stem>[^\W\d_]+(?:lich|isch|ig|iv|al|ell|är|ös|ant|ent|bar|sam|los|haft|ierbar|frei"
    r"|künst|digit|nukle?ar|solar|atomar|popular|erneuerbar|sozial|end|iert))" + ADJECTIVE_ENDING
)
_DETERMINERS = {"der": "er", "das": "es"}
#: Not before a nominative: ``der künstlichen``, ``mit sexueller``.
_OBLIQUE = word_list(
    """
    der dieser einer keiner jeder mit von zu nach bei aus zur ihrer seiner an in auf unter über vor
    seit neben zwischen gegenüber wegen trotz
    """
)
_PLURAL = frozenset(("die", "diese", "alle", "keine", "seine", "ihre"))
_WITH_E = frozenset(("die", "eine", "keine", "seine", "ihre"))


def stem(token: WeightedWord) -> str | None:
    """Return an inflected adjective's stem; ``None`` for other words and colourless adjectives."""
    return None if token.opens and token.text[0].isupper() else _stem(token.text)


@lru_cache(maxsize=8_192)
def _stem(word: str) -> str | None:
    match = _ADJECTIVE.fullmatch(word)
    if (
        match is None
        or word.lower() in _OBLIQUE
        or match["stem"].lower() in words("plain_adjectives.txt")
    ):
        return None
    return match["stem"]


def term(root: str, noun: str, forms: Sequence[Form]) -> str:
    """Return adjective and noun in the nominative; "" where the noun's gender cannot be told.

    ``forms`` are the word before, the adjective and the noun of every occurrence.
    """
    capital = all(adjective[0].isupper() for _, adjective, _ in forms)
    shown = root.capitalize() if capital else root
    ending = _ending(noun, forms)
    if ending:
        return f"{shown}{ending} {noun}"
    plural = _plural(noun, forms)
    return f"{shown}e {plural}" if plural else ""


def _plural(noun: str, forms: Sequence[Form]) -> str:
    """Return the noun's plural if the occurrences show it and only one."""
    plurals = {
        word
        for before, adjective, word in forms
        if word != noun
        and (adjective.endswith("e") or (adjective.endswith("en") and before in _PLURAL))
    } - {f"{noun}s", f"{noun}es"}
    return plurals.pop() if len(plurals) == 1 else ""


def _ending(noun: str, forms: Sequence[Form]) -> str:
    """Return the adjective's ending before the nominative singular, "" if that is not sure."""
    singular = [(before, adjective) for before, adjective, word in forms if word == noun]
    if not singular:
        return ""
    shown = next((ending for form in singular if (ending := _shown_by(*form))), "")
    able = genders(noun)
    if able and (not shown or shown not in map(NOMINATIVE.get, able)):
        return NOMINATIVE[able[0]]
    return shown


def _shown_by(before: str, adjective: str) -> str:
    """Return the ending that one occurrence proves: ``der digitale``: ``er``."""
    if adjective.endswith("es") or (adjective.endswith("er") and before not in _OBLIQUE):
        return adjective[-2:]
    if not adjective.endswith("e"):
        return ""
    return "e" if before in _WITH_E else _DETERMINERS.get(before, "")
