"""Words about numbers, for whatever a person is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

#: What a fate is called for people, where its name alone would not do.
_FATES = {"another_text": "another text under a known id"}


def counted(count: int, noun: str, nouns: str = "") -> str:
    """``1 file``, ``1,200 files``; ``nouns`` where the plural is none in ``s``."""
    return f"{count:,} {noun if count == 1 else nouns or f'{noun}s'}"


def fates(counts: Mapping[Any, int]) -> str:
    """``3 indexed, 1 another text under a known id``."""
    return ", ".join(f"{count:,} {_FATES.get(fate, fate)}" for fate, count in counts.items())
