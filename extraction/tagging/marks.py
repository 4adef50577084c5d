"""What a pipeline marks in a text, as plain data: names, words that hold or are made of names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import get_args

from spacy.tokens import Span

from articles.article import Label, Mention
from extraction.entities.compound_names import Compound
from extraction.entities.trim import tidy

#: What other pipelines call the labels.
LABELS: Mapping[str, Label] = {
    **dict.fromkeys(("PER", "PERSON"), "PER"),
    **dict.fromkeys(("LOC", "LOCATION", "GPE", "FAC", "PLACE"), "LOC"),
    **dict.fromkeys(("ORG", "ORGANIZATION", "ORGANISATION"), "ORG"),
    **dict.fromkeys(("MISC", "MISCELLANEOUS", "OTH", "OTHER", "EVENT", "WORK_OF_ART"), "MISC"),
}
#: What the shipped model calls words that hold a name (``Nato-Gipfel``), and those that are made of
#: a place's name (``Berliner``, ``russische``).
HOLDING: Mapping[str, Label] = {f"{label}part": label for label in get_args(Label)}
DERIVED = "LOCderiv"


@dataclass(slots=True)
class Marks:
    """Names, words that hold one, and words that are derived from places' names."""

    mentions: list[Mention] = field(default_factory=list)
    compounds: list[Compound] = field(default_factory=list)
    derived: list[str] = field(default_factory=list)

    def add(self, entities: Iterable[Span], text: str, place: str, offset: int) -> None:
        """Add what is marked in the ``text`` that stands at ``offset`` of the field ``place``."""
        for entity in entities:
            start, end, label = entity.start_char, entity.end_char, entity.label_
            if label == DERIVED:
                self.derived.append(entity.text)
            elif held := HOLDING.get(label):
                self.compounds.append(Compound(held, place, offset + start, offset + end))
            elif (own := LABELS.get(label)) and (bounds := tidy(text, start, end)):
                surface, at = text[slice(*bounds)], offset + bounds[0]
                self.mentions.append(Mention(own, surface, surface, place, at, at + len(surface)))

    def take(self, other: Marks) -> None:
        """Add what others are."""
        self.mentions += other.mentions
        self.compounds += other.compounds
        self.derived += other.derived
