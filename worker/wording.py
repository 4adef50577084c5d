"""Words about numbers and times, for whatever a person is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_MINUTE, _HOUR, _DAY = 60.0, 3600.0, 86_400.0


def counted(count: int, noun: str, nouns: str = "") -> str:
    """``1 file``, ``1,200 files``; ``nouns`` where the plural is none in ``s``."""
    return f"{count:,} {noun if count == 1 else nouns or f'{noun}s'}"


def fates(counts: Mapping[Any, int]) -> str:
    """``3 indexed, 1 corrected``."""
    return ", ".join(f"{count:,} {fate}" for fate, count in counts.items())


def spoken(seconds: float) -> str:
    """A time that has passed, as a person says it: ``34 s``, ``12 min``, ``3 h 5 min``, ``2 d``."""
    if seconds < 2 * _MINUTE:
        return f"{seconds:.0f} s"
    if seconds < 2 * _HOUR:
        return f"{seconds // _MINUTE:.0f} min"
    if seconds < 2 * _DAY:
        return f"{seconds // _HOUR:.0f} h {seconds % _HOUR // _MINUTE:.0f} min"
    return f"{seconds // _DAY:.0f} d"
