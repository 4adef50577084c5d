"""How fast it goes and how long it will take: for ``status`` and for the metrics alike."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from indexing.writing.states import Counts

WINDOW = 60.0  # seconds that ``Counts`` looks back
#: Work that took less is taken to have lasted so long: clocks and times are no finer.
LEAST = 1.0

Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Progress:
    """Articles a second while there was work in the last minute, and for how long there was.

    ``seconds_left`` is None where there is no telling: nothing moves, or has only just begun.
    """

    indexed: float
    enriched: float
    seconds_left: float | None
    indexing_seconds: float
    enriching_seconds: float

    @property
    def per_second(self) -> dict[str, float]:
        """The rates by name."""
        return {"indexed": self.indexed, "enriched": self.enriched}

    @property
    def work_seconds(self) -> dict[str, float]:
        """Over how many seconds each rate was taken."""
        return {"indexed": self.indexing_seconds, "enriched": self.enriching_seconds}


def progress(counts: Counts, files: int, now: float | None = None) -> Progress:
    """Judge by the last minute; ``files`` are those still to be indexed, in inbox and spool.

    They count as work of enrichment, which is by far the slower stage; where only files are
    left to be indexed and nothing is enriched yet, there is no telling. ``now``: epoch seconds.
    """
    now = time.time() if now is None else now
    indexing, _ = worked(counts.indexed_spans, None, now)
    enriching, sure = worked(counts.enriched_spans, counts.pending_since, now)
    indexed = counts.indexed_last_minute / indexing
    enriched = counts.enriched_last_minute / enriching
    left = counts.pending + files
    seconds = 0.0 if not left else left / enriched if enriched and sure else None
    return Progress(indexed, enriched, seconds, indexing, enriching)


def worked(spans: Sequence[Span], waiting: float | None, now: float) -> tuple[float, bool]:
    """Seconds of the last minute in which there was work, and whether they are known.

    Each span is of articles that were done at its end and could have been done since its start;
    ``waiting`` says since when others could. What had waited for longer than a minute may have
    waited for a worker: the work then began one step before the first was done.
    """
    if not spans:
        return WINDOW, True
    start, sure = now - WINDOW, True
    first = min(end for _, end in spans)
    if any(since < start for since, _ in spans):
        last, sure = max(end for _, end in spans), len(spans) > 1
        step = (last - first) / (len(spans) - 1) if sure else WINDOW
        start = max(start, first - max(step, LEAST))
    whole = [*spans, (waiting, now)] if waiting is not None else list(spans)
    return max(LEAST, _covered(whole, start, now)), sure


def _covered(spans: Sequence[Span], start: float, end: float) -> float:
    """Length of what the spans cover together between start and end."""
    covered, reached = 0.0, start
    for since, until in sorted(spans):
        covered += max(0.0, min(until, end) - max(since, reached))
        reached = max(reached, min(until, end))
    return covered
