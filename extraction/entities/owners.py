"""People whom a tagger marked as one with what is theirs or what they are, as no people.

``Kickls Partei`` and ``Wolffs Paraden`` are no organisations where the article names somebody in
full who is called so, and neither is ``Hotelerbin Eva Muster``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from articles.article import Mention
from extraction.entities import gazetteer as lists
from extraction.entities import organisation_list
from extraction.entities.common_nouns import is_common_noun
from extraction.entities.gazetteer import Gazetteer
from extraction.entities.kinds import is_kind
from extraction.entities.titles import without_title
from german.folding import transcribed
from german.inflection import genitive_bases

_OWNER_AND_OWNED, _FULL = 2, 2


def with_owners(mentions: Sequence[Mention], gazetteer: Gazetteer | None = None) -> list[Mention]:
    """Return the mentions, in the same order, such people without what is theirs and as ``PER``."""
    known = gazetteer or lists.shipped()
    surnames = {
        transcribed(words[-1])
        for m in mentions
        if m.label == "PER" and len(words := m.surface.split()) >= _FULL
    }
    return [_owner(m, surnames) or _titled(m, known) or m for m in mentions]


def _owner(mention: Mention, surnames: set[str]) -> Mention | None:
    """Return ``Kickls`` for ``Kickls Partei`` beside Herbert Kickl."""
    words = mention.surface.split(" ")
    if mention.label == "PER" or len(words) != _OWNER_AND_OWNED:
        return None
    owner, owned = words
    bases = {transcribed(base) for base in genitive_bases(owner)}
    if bases.isdisjoint(surnames) or not (is_kind(owned) or is_common_noun(owned)):
        return None
    return None if _is_listed(mention) else _part(mention, 0, len(owner))


def _titled(mention: Mention, known: Gazetteer) -> Mention | None:
    """Return ``Eva Muster`` for ``Hotelerbin Eva Muster``."""
    if mention.label == "PER" or " " not in mention.surface:
        return None
    plain = without_title(mention.surface, known)
    words = plain.name.split()
    person = len(words) >= _FULL and words[0] in known.first_names
    if not (plain.offset and person) or _is_listed(mention):
        return None
    return _part(mention, plain.offset, len(mention.surface))


def _is_listed(mention: Mention) -> bool:
    return organisation_list.shipped().alias(mention.surface) is not None


def _part(mention: Mention, start: int, end: int) -> Mention:
    surface = mention.surface[start:end]
    return replace(
        mention,
        label="PER",
        name=surface,
        surface=surface,
        start=mention.start + start,
        end=mention.start + end,
    )
