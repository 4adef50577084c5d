"""Edits that agencies' customers make to a report, made by chance: for ``benchmarks.story``."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

Edit = Callable[[list[str], random.Random, Sequence[str]], list[str]]


def cut(paragraphs: list[str], chance: random.Random, _: Sequence[str]) -> list[str]:
    """Keep the first 60 to 90 per cent of the words."""
    left = int(chance.uniform(0.6, 0.9) * sum(len(p.split()) for p in paragraphs))
    kept = []
    for paragraph in paragraphs:
        words = paragraph.split()[: max(left, 0)]
        left -= len(words)
        kept += [" ".join(words)] if words else []
    return kept


def reordered(paragraphs: list[str], chance: random.Random, _: Sequence[str]) -> list[str]:
    """Put the paragraphs into another order."""
    return chance.sample(paragraphs, len(paragraphs))


def retitled(paragraphs: list[str], chance: random.Random, _: Sequence[str]) -> list[str]:
    """Give the report another dateline; titles are no part of the text that is compared."""
    place, agency = chance.choice(["BERLIN", "PARIS", "ROM"]), chance.choice(["dpa", "afp", "ap"])
    return [f"{place} {agency} | {paragraphs[0]}", *paragraphs[1:]] if paragraphs else []


def changed(share: tuple[float, float]) -> Edit:
    """Return an edit that changes a share of the words: others in their place, or none, or more."""

    def edit(paragraphs: list[str], chance: random.Random, others: Sequence[str]) -> list[str]:
        amount = chance.uniform(*share)
        return [_changed(p, amount, chance, others) for p in paragraphs]

    return edit


def _changed(paragraph: str, amount: float, chance: random.Random, others: Sequence[str]) -> str:
    words: list[str] = []
    for word in paragraph.split():
        if chance.random() >= amount:
            words.append(word)
            continue
        new = [[chance.choice(others)], [], [word, chance.choice(others)]]
        words += chance.choices(new, (2, 1, 1))[0]
    return " ".join(words)


def rewritten(paragraphs: list[str], chance: random.Random, others: Sequence[str]) -> list[str]:
    """Change 10 to 30 per cent of the words in one stretch, as an editor who rewrites a passage."""
    amount = chance.uniform(0.1, 0.3)
    total = sum(len(p.split()) for p in paragraphs)
    start = int(chance.uniform(0, 1 - amount) * total)
    stop, at, result = start + int(amount * total), 0, []
    for paragraph in paragraphs:
        words = paragraph.split()
        result.append(
            " ".join(
                chance.choice(others) if start <= at + i < stop else w for i, w in enumerate(words)
            )
        )
        at += len(words)
    return result


EDITS: dict[str, tuple[Edit, ...]] = {
    "cut to 60-90 %": (cut,),
    "paragraphs reordered": (reordered,),
    "another dateline": (retitled,),
    "3-7 % of words changed": (changed((0.03, 0.07)),),
    "10-30 % of words changed": (changed((0.1, 0.3)),),
    "10-30 % rewritten in one piece": (rewritten,),
    "cut, reordered, dateline": (cut, reordered, retitled),
    "cut, 3-7 % changed": (cut, changed((0.03, 0.07))),
}
