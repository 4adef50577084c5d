"""``Nuklear*``, ``Wa*en``: words of which a part is left open.

Elasticsearch looks through all words of the archive that begin with what stands before the first
``*``. Two letters at least keep that small; ``*waffen`` would be all words there are.
"""

from __future__ import annotations

import re
from typing import Any

from articles.errors import UsageError
from german.stems import folded

_PREFIX = re.compile(r"\w[\w-]*\w\*")
_INSIDE = re.compile(r"\w{2,}(?:\*\w+){1,3}\*?")
_LETTERS = re.compile(r"[^\W\d_]{3,}")
#: The words of all texts, in small letters and without umlauts.
FOLDED = "text.folded"
_MOST = 1000


def is_prefix(word: str) -> bool:
    """Tell whether ``word`` asks for all words that begin like it: ``Verteidig*``."""
    return bool(_PREFIX.fullmatch(word))


def is_open(word: str) -> bool:
    """Tell whether a part of ``word`` is left open, at its end or inside: ``Wa*en``."""
    return is_prefix(word) or bool(_INSIDE.fullmatch(word))


def refuse_dear(word: str) -> None:
    """Raise :class:`UsageError` for a ``*`` that would fit too many words."""
    if "*" not in word or is_open(word):
        return
    ending = max(_LETTERS.findall(word), key=len, default="")
    parts = f"; compounds are found by their parts: {ending.capitalize()}" if ending else ""
    raise UsageError(
        f"{word!r}: a * stands behind two letters at least, and up to three of them inside a word"
        f"{parts}. What is meant as written stands in quotation marks."
    )


def fitting(word: str) -> dict[str, Any]:
    """Return the clause for texts with a word that fits one of which a part is left open."""
    if is_prefix(word):
        return {"match_phrase_prefix": {FOLDED: {"query": word, "max_expansions": _MOST}}}
    return {"wildcard": {FOLDED: {"value": folded_pattern(word)}}}


def folded_pattern(word: str) -> str:
    """Return ``word`` as all texts have it: Elasticsearch folds none with a ``*`` in it."""
    return "*".join(map(folded, word.split("*")))
