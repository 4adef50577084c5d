"""Give the mentions of one article their canonical names.

Pure: mentions in, mentions out. Names of different labels never meet: the person Paris and the
city Paris stay two.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from extraction import gazetteer as lists
from extraction.article import TEXT_FIELDS, Enrichment, Label, Mention
from extraction.gazetteer import Gazetteer
from extraction.genitive import nominative
from extraction.people import same_people, spellings
from extraction.trim import is_derived, without_title

LABELS: tuple[Label, ...] = ("PER", "LOC", "ORG", "MISC")


def canonical(mentions: Sequence[Mention], gazetteer: Gazetteer | None = None) -> list[Mention]:
    """Return the mentions in reading order, each with the canonical name of its surface.

    Mentions that are no names (``Berliner``, ``deutsche``) are left out. Whatever ``name`` a
    mention had is not looked at, so the result is the same when run twice.
    """
    known = gazetteer or lists.shipped()
    ordered = sorted(mentions, key=lambda m: (_field_rank(m.field), m.start, m.end, m.label))
    named: list[Mention] = []
    for label in LABELS:
        named += _of_label([m for m in ordered if m.label == label], label, known)
    return sorted(named, key=lambda m: (_field_rank(m.field), m.start, m.end, m.label))


def enrichment(mentions: Sequence[Mention]) -> Enrichment:
    """Gather canonical mentions into an enrichment: most mentioned first, then first mentioned."""
    return Enrichment(
        people=_ranked(mentions, "PER"),
        organisations=_ranked(mentions, "ORG"),
        places=_ranked(mentions, "LOC"),
        misc=_ranked(mentions, "MISC"),
        mentions=tuple(mentions),
    )


def _of_label(mentions: list[Mention], label: Label, gazetteer: Gazetteer) -> list[Mention]:
    surfaces = [" ".join(mention.surface.split()) for mention in mentions]
    plain = _without_titles(surfaces) if label == "PER" else surfaces
    kept = [
        (mention, name)
        for mention, name in zip(mentions, plain, strict=True)
        if name and not is_derived(name, label, gazetteer)
    ]
    known = {name for _, name in kept}
    if label == "PER":
        known |= {name.rpartition(" ")[2] for name in known}
    names = [nominative(name, label, known, gazetteer) for _, name in kept]
    names = same_people(names) if label == "PER" else spellings(names)
    return [replace(m, name=name) for (m, _), name in zip(kept, names, strict=True)]


def _without_titles(surfaces: list[str]) -> list[str]:
    """Take titles off; ``Richter`` alone stays if somebody in the article is called so."""
    plain = [without_title(surface) for surface in surfaces]
    surnames = {name.rpartition(" ")[2] for name in plain if " " in name}
    return [
        name or (surface if surface in surnames else "")
        for surface, name in zip(surfaces, plain, strict=True)
    ]


def _ranked(mentions: Sequence[Mention], label: Label) -> tuple[str, ...]:
    counts = Counter(mention.name for mention in mentions if mention.label == label)
    return tuple(name for name, _ in counts.most_common())


def _field_rank(field: str) -> int:
    return TEXT_FIELDS.index(field) if field in TEXT_FIELDS else len(TEXT_FIELDS)
