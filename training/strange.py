"""Changed copies of annotated sentences: common nouns that nobody has met, no quotation marks.

A tagger that knows every common noun of its texts takes one that it does not know for a name:
``Alkotest``, ``Freilandstraße``. In a copy, nouns give way to compounds that are made of what the
splitter knows (``german/compounds``); names stay.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import accumulate

from extraction.entities.common_nouns import is_common_noun
from german.compounds.tables import tables
from training.samples import NUMBER, Sample

#: How often a sentence is copied, a noun of it gives way, and it loses its quotation marks.
COPIED, NOUNS, UNQUOTED = 0.5, 0.5, 0.5
_OUTSIDE = NUMBER["O"]
_MARKS = frozenset('"„“”»«')
_SHORTEST, _LONGEST = 3, 14


class Compounds:
    """Compounds of a first part and a noun, each as likely as it makes others."""

    def __init__(self) -> None:
        known = tables()
        self._first = [part for part in known.modifiers if len(part) >= _SHORTEST]
        self._last = [head for head in known.heads if _SHORTEST <= len(head) <= _LONGEST]
        self._firsts = [*accumulate(known.modifiers[part].seen for part in self._first)]
        self._lasts = [*accumulate(known.heads[head].seen for head in self._last)]

    def one(self, chance: random.Random) -> str:
        """Return a compound that may never have been written."""
        (first,) = chance.choices(self._first, cum_weights=self._firsts)
        (last,) = chance.choices(self._last, cum_weights=self._lasts)
        return first.capitalize() + last


def copies(samples: Sequence[Sample], chance: random.Random) -> list[Sample]:
    """Return changed copies of some of the samples."""
    compounds = Compounds()
    return [_changed(s, compounds, chance) for s in samples if chance.random() < COPIED]


def _changed(sample: Sample, compounds: Compounds, chance: random.Random) -> Sample:
    unquoted = chance.random() < UNQUOTED
    kept = [
        (_word(word, tag, compounds, chance), tag)
        for word, tag in zip(sample.words, sample.tags, strict=True)
        if not (unquoted and word in _MARKS and tag == _OUTSIDE)
    ]
    return Sample(tuple(word for word, _ in kept), tuple(tag for _, tag in kept), sample.partial)


def _word(word: str, tag: int, compounds: Compounds, chance: random.Random) -> str:
    gives_way = tag == _OUTSIDE and chance.random() < NOUNS and is_common_noun(word)
    return compounds.one(chance) if gives_way else word
