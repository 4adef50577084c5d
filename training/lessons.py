"""What teacher and student learn from, put together out of the sources."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from extraction.tagging.pieces import Pieces
from training import samples
from training.augment import Replacements, augmented
from training.encoder import EncoderFile
from training.forms import Forms
from training.samples import TAGS, Sample
from training.student import Lesson
from training.vectors import frequent_forms

#: Sentences with more pieces are left out.
MOST_PIECES = 240
#: What the teacher's first round takes of the silver sentences, and of SmartData and Legal-ER.
SILVER_PART, PARTIAL_SENTENCES = 0.45, 2000
#: Sentences of SmartData and Legal-ER altogether.
PARTIAL_KEPT = 5000
#: Changed copies of GermEval, and of so many silver sentences.
GOLD_COPIES, SILVER_COPIES = 2, 12_000
#: Silver sentences of the student's first round, and how often each GermEval sentence is in either.
FIRST_SILVER, GOLD_WEIGHTS = 15_000, (3, 2)
#: The annotation's share in the targets: of GermEval beside chance, of silver beside the teacher.
GOLD_SHARE, SILVER_SHARE = 0.95, 0.2
#: How many sentences end a paragraph, and how spaCy's tokens spell that.
BREAKS, LINE_BREAKS = 0.2, ("\n", "\n\n")

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Material:
    """GermEval, silver, SmartData and Legal-ER, changed copies, forms that get a vector."""

    gold: list[Sample]
    silver: list[Sample]
    partial: list[Sample]
    changed: list[tuple[str, ...]]
    forms: list[str]

    def sentences(self) -> list[tuple[str, ...]]:
        annotated = [*self.gold, *self.silver, *self.partial]
        return [sample.words for sample in annotated] + self.changed

    def words(self) -> set[str]:
        return {word for words in self.sentences() for word in words} | {*self.forms}


def collect(data: Path, encoder: Path, seed: int) -> Material:
    """Read the sources and change copies of them; the same for the same seed."""
    chance = random.Random(seed)
    ner = data / "ner"
    short = _Short(EncoderFile(encoder).pieces)
    gold = short.of(samples.germeval(ner, "test", chance))
    silver = short.of(samples.silver(ner, chance))
    partial = short.of(samples.partial(ner, chance))
    partial = chance.sample(partial, min(PARTIAL_KEPT, len(partial)))
    copied = [s.words for s in gold] * GOLD_COPIES
    copied += chance.sample([s.words for s in silver], SILVER_COPIES)
    changed = augmented(copied, Replacements(), chance)
    return Material(gold, silver, partial, [c for c in changed if short.fits(c)], frequent_forms())


class _Short:
    """Tell sentences that the teacher can take at once."""

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces
        self._length: dict[str, int] = {}

    def fits(self, words: tuple[str, ...]) -> bool:
        for word in words:
            if word not in self._length:
                self._length[word] = len(self._pieces.of(word))
        return sum(self._length[word] for word in words) <= MOST_PIECES

    def of(self, read: list[Sample]) -> list[Sample]:
        return [sample for sample in read if self.fits(sample.words)]


def mixture(material: Material, seed: int) -> list[Sample]:
    """Return the sentences of the teacher's first round."""
    chance = random.Random(seed)
    silver = chance.sample(material.silver, int(SILVER_PART * len(material.silver)))
    partial = material.partial[:PARTIAL_SENTENCES]
    return material.gold + silver + partial


def lessons(material: Material, forms: Forms, said: Floats) -> tuple[list[Lesson], list[Lesson]]:
    """Return the student's two rounds, of which the first is a part of the second.

    ``said`` holds the teacher's probabilities of ``material.sentences()``, in order. GermEval's
    own count for nothing: the teacher knows it by heart.
    """
    parts = _cut(said, [len(words) for words in material.sentences()])
    gold = [_lesson(sample, forms, _even(next(parts)), GOLD_SHARE) for sample in material.gold]
    silver = [_lesson(sample, forms, next(parts), SILVER_SHARE) for sample in material.silver]
    others = [*(sample.words for sample in material.partial), *material.changed]
    taught = [Lesson(forms.of(words), next(parts)) for words in others]
    chance = random.Random(0)
    first = chance.sample(silver, min(FIRST_SILVER, len(silver)))
    return (
        with_breaks(gold * GOLD_WEIGHTS[0] + first, forms, chance),
        with_breaks(gold * GOLD_WEIGHTS[1] + silver + taught, forms, chance),
    )


def with_breaks(taught: list[Lesson], forms: Forms, chance: random.Random) -> list[Lesson]:
    """End some sentences with a line break, as paragraphs do; it is no name."""
    marks = [forms.of([mark]) for mark in LINE_BREAKS]
    silence = np.eye(1, len(TAGS), dtype=np.float32)
    return [
        Lesson(np.append(lesson.forms, chance.choice(marks)), np.append(lesson.targets, silence, 0))
        if chance.random() < BREAKS
        else lesson
        for lesson in taught
    ]


def _cut(said: Floats, lengths: list[int]) -> Iterator[Floats]:
    start = 0
    for length in lengths:
        yield said[start : start + length]
        start += length


def _even(said: Floats) -> Floats:
    return np.full_like(said, 1 / len(TAGS))


def _lesson(sample: Sample, forms: Forms, probabilities: Floats, share: float) -> Lesson:
    """Mix the annotation with other probabilities."""
    annotated = np.eye(len(TAGS), dtype=np.float32)[np.array(sample.tags)]
    return Lesson(forms.of(sample.words), share * annotated + (1 - share) * probabilities)
