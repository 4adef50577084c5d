"""As many different articles as are asked for, made of the sentences of real ones."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from pathlib import Path

from benchmarks.wikinews import articles

_END = re.compile(r"(?<=[.!?“])\s+(?=[A-ZÄÖÜ„])")


@dataclass(frozen=True, slots=True)
class Corpus:
    """Real headlines and sentences; ``shapes``: how many are in each paragraph of an article."""

    headlines: tuple[str, ...]
    sentences: tuple[str, ...]
    shapes: tuple[tuple[int, ...], ...]

    def text(self, number: int, paragraphs: int | None = None) -> str:
        """Return article ``number`` in the main format: always the same, and like no other.

        It has the shape of a real one, or so many ``paragraphs``. Each sentence comes from an
        article of its own: of articles made of whole paragraphs more and more were copies of one
        story, the more there were.
        """
        chance = random.Random(number)
        shape = chance.choice(self.shapes)
        if paragraphs:
            shape = tuple(chance.choice(chance.choice(self.shapes)) for _ in range(paragraphs))
        parts = [" ".join(chance.choice(self.sentences) for _ in range(size)) for size in shape]
        day = f"20{number % 25:02}-{number % 12 + 1:02}-{number % 28 + 1:02}"
        head = f" date {day} Probe : {chance.choice(self.headlines)} ({number})"
        return "\n\n".join([head, *parts])


def read_corpus(data: Path) -> Corpus:
    """Read the German Wikinews under the folder of public data sets."""
    wikinews = list(articles(data))
    bodies = [
        [_END.split(p.strip()) for p in article.text.split("\n") if p.strip()]
        for article in wikinews
    ]
    sentences = (sentence for body in bodies for paragraph in body for sentence in paragraph)
    return Corpus(
        tuple(article.headline for article in wikinews),
        tuple(sentences),
        tuple(tuple(map(len, body)) for body in bodies if body),
    )
