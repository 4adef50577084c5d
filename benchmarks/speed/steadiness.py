"""Whether a worker's memory grows with the articles that it has read."""

from __future__ import annotations

from benchmarks.speed.ground import Ground, enriched, put_in, ring, until
from benchmarks.speed.rows import Row, row
from benchmarks.speed.use import megabytes

#: Short articles, so that many are read in minutes. The issue's 50,000: ``--long``, of full length.
ARTICLES, QUICK, LONG = 6_000, 600, 50_000
FIRST, QUICK_FIRST = 2_000, 200
PARAGRAPHS = 1


def measure(ground: Ground) -> list[Row]:
    """One round: what counts is its length. The most memory after the first articles counts."""
    size = LONG if ground.long else ground.size(ARTICLES, QUICK)
    first = ground.size(FIRST, QUICK_FIRST)
    paragraphs = None if ground.long else PARAGRAPHS
    most: list[float] = []
    with ground.house() as (house, running):
        ids = put_in(house, (ground.corpus.text(n, paragraphs) for n in range(size)))
        ring(house, ids)
        worker = running.start("enrich")
        until(lambda: enriched(house) >= first, "the first articles", every=0.5)
        before = megabytes([worker.pid])

        def all_read() -> bool:
            most.append(megabytes([worker.pid]))
            return enriched(house) >= len(ids)

        until(all_read, "the last article", every=2.0)
    growth = 100 * (max(most) / before - 1)
    what = f"memory of enrich from article {first:,} to {size:,}"
    return [
        row(what, "% more", [growth], 3.0, "less"),
        row("  memory of enrich at most (PSS)", "MB", [max(most)], None, "less"),
    ]
