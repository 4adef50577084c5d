"""Organisations whose names a tagger tears apart or takes for places: ``Scotland Yard``.

The list ``seeds/gazetteers/organisations.txt`` wins over the tagger. It holds names of more than
one word that hardly mean anything else; adjectives in them may be inflected (``der Süddeutschen
Zeitung``).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import cache

from articles.article import Mention
from german.inflection import ADJECTIVE_ENDING
from german.wordlist import lines

#: Beginnings that are inflected: ``Süddeutsche``, ``Deutscher``, ``Frankfurter`` stays.
_ADJECTIVE = re.compile(
    r"(?P<stem>\w*(?:isch|eutsch|frei|rot|neu|llgemein))(?:e|er|es)\Z",
    re.IGNORECASE,
)


def with_listed(mentions: Sequence[Mention], texts: Mapping[str, str]) -> list[Mention]:
    """Return the mentions, those within a listed name replaced by the whole name as ``ORG``.

    A mention that holds more than the listed name (``New York Times Magazine``) stays.
    """
    gone: set[int] = set()
    whole: list[Mention] = []
    for field, text in texts.items():
        there = sorted((m for m in mentions if m.field == field), key=lambda m: m.start)
        for match in _pattern().finditer(text):
            touched = [*_touched(there, *match.span())]
            if any(_is_more(mention, *match.span()) for mention in touched):
                continue
            gone |= {id(mention) for mention in touched}
            whole.append(Mention("ORG", match[0], match[0], field, match.start(), match.end()))
    return [*(mention for mention in mentions if id(mention) not in gone), *whole]


def _touched(there: Sequence[Mention], start: int, end: int) -> Iterable[Mention]:
    """Yield the mentions that overlap ``start`` to ``end``; they are sorted and apart."""
    at = max(bisect_left(there, start, key=lambda m: m.start) - 1, 0)
    while at < len(there) and there[at].start < end:
        if there[at].end > start:
            yield there[at]
        at += 1


def _is_more(mention: Mention, start: int, end: int) -> bool:
    """Tell whether the mention goes beyond the listed name, by more than an article or ending."""
    before, behind = start - mention.start, mention.end - end
    return before > len("Der ") or behind > len("s")


@cache
def _pattern() -> re.Pattern[str]:
    names = sorted(lines("seeds", "gazetteers/organisations.txt"), key=len, reverse=True)
    first = "".join(sorted({name[0] for name in names}))  # looked at before all names are tried
    return re.compile(rf"(?=[{first}])(?<![\w-])(?:{'|'.join(map(_inflected, names))})(?![\w-])")


def _inflected(name: str) -> str:
    return r"[ \u00a0]".join(map(_word, name.split()))


def _word(word: str) -> str:
    match = _ADJECTIVE.match(word)
    return re.escape(match["stem"]) + ADJECTIVE_ENDING if match else re.escape(word)
