"""Whether a worker's memory grows with the articles that it has read."""

from __future__ import annotations

from benchmarks.speed.ground import Ground, enriched, put_in, ring, until
from benchmarks.speed.rows import Row, row
from benchmarks.speed.use import megabytes

#: Short articles, so that many are read in minutes. The issue's 50,000: ``--long``.
ARTICLES, QUICK, LONG = 6_000, 600, 50_000
PARAGRAPHS = 1


def measure(ground: Ground) -> list[Row]:
    """One round: what counts is its length."""
    size = LONG if ground.long else ground.size(ARTICLES, QUICK)
    first = size // 5 if size < LONG else 2_000
    with ground.house() as (house, running):
        ids = put_in(house, (ground.corpus.text(n, PARAGRAPHS) for n in range(size)))
        ring(house, ids)
        worker = running.start("enrich")
        until(lambda: enriched(house) >= first, "the first articles", every=0.5)
        before = megabytes([worker.pid])
        until(lambda: enriched(house) >= len(ids), "the last article", every=1.0)
        after = megabytes([worker.pid])
    growth = 100 * (after / before - 1)
    what = f"memory of enrich from article {first:,} to {size:,}"
    return [
        row(what, "% more", [growth], 3.0, "less"),
        row("  memory of enrich at the end (PSS)", "MB", [after], None, "less"),
    ]
