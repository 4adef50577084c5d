"""The words of a text as the marks count them: runs of letters, digits and low lines."""

from __future__ import annotations

import re
from collections.abc import Iterator

from german.typed import numbered

RUN = re.compile(r"\w+")
_INNER = re.compile(r"[^\W\d_]{2,}|\d[^\W_]+")


def with_inner(token: str) -> Iterator[tuple[str, int, int]]:
    """Yield a token, and the words in ``50_prozent`` and ``iPhone6s``, with their places."""
    yield token, 0, len(token)
    if not token.isalpha() and ("_" in token or numbered(token)):
        for inner in _INNER.finditer(token):
            yield inner[0], inner.start(), inner.end()


def places_of(read: str, word: str) -> Iterator[int]:
    """Yield where the word begins in a text, as one of its runs and not inside another."""
    at = read.find(word)
    while at >= 0:
        end = at + len(word)
        if not (_goes_on(read[at - 1 : at]) or _goes_on(read[end : end + 1])):
            yield at
        at = read.find(word, end)


def _goes_on(sign: str) -> bool:
    """Tell whether a sign is of a run; "" is not."""
    return sign.isalnum() or sign == "_"
