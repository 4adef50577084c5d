"""How fast it goes and how long it will take: for ``status`` and for the metrics alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from indexing.writing.states import Counts

_WINDOW = 60.0  # seconds that ``Counts`` looks back


@dataclass(frozen=True, slots=True)
class Progress:
    """Articles a second over the last minute; ``seconds_left`` is None where nothing moves."""

    indexed: float
    enriched: float
    seconds_left: float | None

    @property
    def per_second(self) -> dict[str, float]:
        """The rates by name."""
        return {"indexed": self.indexed, "enriched": self.enriched}


def progress(counts: Counts, files: int) -> Progress:
    """Judge by the last minute; ``files`` are those still to be indexed, in inbox and spool.

    They count as work of enrichment, which is by far the slower stage; where only files are
    left to be indexed and nothing is enriched yet, there is no telling.
    """
    indexed, enriched = counts.indexed_last_minute / _WINDOW, counts.enriched_last_minute / _WINDOW
    left = counts.pending + files
    seconds = 0.0 if not left else left / enriched if enriched else None
    return Progress(indexed, enriched, seconds)
