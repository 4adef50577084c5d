"""Adjectives before nouns: known by their endings, shown in the nominative where that is sure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from extraction.keyphrases.lists import words
from extraction.keyphrases.tokens import WeightedWord
from german.compounds.split import cut
from german.wordlist import word_list

Form = tuple[str, str, str]

_ADJECTIVE = re.compile(
    r"(?i)(?P<stem>[^\W\d_]+(?:lich|isch|ig|iv|al|ell|är|ös|ant|ent|bar|sam|los|haft|ierbar|frei"
    r"|künst|digit|nukle?ar|solar|atomar|popular|erneuerbar|sozial|end|iert))e[rnsm]?"
)
_FEMININE = re.compile(
    r"(?:ung|heit|keit|schaft|ion|tät|ik|ie|enz|anz|ur|pest|kraft|wahl|politik|e)$"
)
_NEUTER = re.compile(
    r"(?:ment|tum|ium|chen|recht|gesetz|verfahren|system|amt|haus|gericht|finale|gebäude|ende"
    r"|interesse|erbe|gewebe|getreide|gelände|gewerbe)$"
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
    if match is None or match["stem"].lower() in words("plain_adjectives.txt"):
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
    found = {
        word
        for before, adjective, word in forms
        if word != noun
        and (adjective.endswith("e") or (adjective.endswith("en") and before in _PLURAL))
    } - {f"{noun}s", f"{noun}es"}
    return found.pop() if len(found) == 1 else ""


def _ending(noun: str, forms: Sequence[Form]) -> str:
    """Return the adjective's ending before the nominative singular, "" if that is not sure."""
    singular = [(before, adjective) for before, adjective, word in forms if word == noun]
    if not singular:
        return ""
    head = _head(noun)
    if _NEUTER.search(head) or _FEMININE.search(head):
        return "es" if _NEUTER.search(head) else "e"
    return next((ending for form in singular if (ending := _shown_by(*form))), "")


def _shown_by(before: str, adjective: str) -> str:
    """Return the ending that one occurrence proves: ``der digitale``: ``er``."""
    if adjective.endswith("es") or (adjective.endswith("er") and before not in _OBLIQUE):
        return adjective[-2:]
    if not adjective.endswith("e"):
        return ""
    return "e" if before in _WITH_E else _DETERMINERS.get(before, "")


def _head(noun: str) -> str:
    found = cut(noun.lower())
    return found[-1][1].lemma.lower() if found else noun.lower()
