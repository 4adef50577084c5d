"""As many different articles as are asked for, made of the paragraphs of real ones."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from benchmarks.wikinews import articles


@dataclass(frozen=True, slots=True)
class Corpus:
    """Real headlines, and real paragraphs article by article."""

    headlines: tuple[str, ...]
    bodies: tuple[tuple[str, ...], ...]

    def text(self, number: int, paragraphs: int | None = None) -> str:
        """Return article ``number`` in the main format: always the same, and like no other.

        It is as long as a real one, or has so many ``paragraphs``. The paragraphs come from
        different articles, so that few of what is made are near-identical.
        """
        chance = random.Random(number)
        length = paragraphs or len(chance.choice(self.bodies))
        parts = [chance.choice(chance.choice(self.bodies)) for _ in range(length)]
        day = f"20{number % 25:02}-{number % 12 + 1:02}-{number % 28 + 1:02}"
        head = f" date {day} Probe : {chance.choice(self.headlines)} ({number})"
        return "\n\n".join([head, *parts])


def read_corpus(data: Path) -> Corpus:
    """Read the German Wikinews under the folder of public data sets."""
    found = list(articles(data))
    bodies = [tuple(p.strip() for p in one.text.split("\n") if p.strip()) for one in found]
    return Corpus(tuple(one.headline for one in found), tuple(body for body in bodies if body))
