"""One spelling for names that differ in nothing else."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from german.folding import unhyphened


def spellings(names: Sequence[str]) -> list[str]:
    """Return each name in its most frequent spelling: ``NATO`` and ``Nato`` are one."""
    counts: dict[str, Counter[str]] = {}
    keys = [_key(name) for name in names]
    for name, key in zip(names, keys, strict=True):
        counts.setdefault(key, Counter())[name] += 1
    spelling = {key: count.most_common(1)[0][0] for key, count in counts.items()}
    return [spelling[key] for key in keys]


def _key(name: str) -> str:
    words = unhyphened(name).split()
    return " ".join("sankt" if word == "st." else word for word in words) or name
