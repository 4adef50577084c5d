"""Make the names of towns whole that a tagger cut: ``Waidhofen`` before ``an der Ybbs``.

Only where the list of towns has the whole name: ``Wien am Montag``, ``Hebron im Westjordanland``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from articles.article import Mention
from extraction.geography.senses import senses

_BEHIND = re.compile(
    r" (?:a[nm]|im|bei|auf|(?:an|in|auf|ob|vor) de[rnm]) [A-ZÄÖÜ][\w-]+(?: [A-ZÄÖÜ][\w-]+)?"
)


def with_situated(mentions: Sequence[Mention], texts: Mapping[str, str]) -> list[Mention]:
    """Return the mentions, towns with the water or land that they lie at; what was marked apart
    of it is taken in.
    """
    whole: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (m.field, m.start)):
        if not whole or not _is_within(mention, whole[-1]):
            whole.append(_whole(mention, texts.get(mention.field, "")))
    return whole


def _whole(mention: Mention, text: str) -> Mention:
    match = _BEHIND.match(text, mention.end) if mention.label == "LOC" else None
    while match and (end := match.end()):
        surface = text[mention.start : end]
        if senses(surface):
            return replace(mention, name=surface, surface=surface, end=end)
        match = _BEHIND.fullmatch(text, mention.end, text.rfind(" ", mention.end, end))
    return mention


def _is_within(mention: Mention, other: Mention) -> bool:
    """Tell whether a mention is a part of a town's whole name: ``Ybbs``."""
    inside = mention.field == other.field and mention.end <= other.end
    return inside and bool(_BEHIND.search(other.surface))
