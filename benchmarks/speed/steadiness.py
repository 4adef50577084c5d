"""Whether a worker's memory grows with the articles that it has read."""

from __future__ import annotations

from benchmarks.speed.ground import Ground, enriched, publish, put_in, until
from benchmarks.speed.rows import Row, row
from benchmarks.speed.use import megabytes
from worker.container import Container

#: Short articles, so that many are read in minutes. The issue's 50,000: ``--long``, of full length.
ARTICLES, QUICK, LONG = 6_000, 600, 50_000
FIRST, QUICK_FIRST = 2_000, 200
PARAGRAPHS = 1


def measure(ground: Ground) -> list[Row]:
    """One round: what counts is its length. The most memory until then and after is compared."""
    size = LONG if ground.long else ground.size(ARTICLES, QUICK)
    first = ground.size(FIRST, QUICK_FIRST)
    paragraphs = None if ground.long else PARAGRAPHS
    with ground.container() as (container, running):
        ids = put_in(container, (ground.corpus.text(n, paragraphs) for n in range(size)))
        publish(container, ids)
        worker = running.start("enrich")
        until(lambda: enriched(container) > 0, "the first article")
        before = _most(container, worker.pid, first)
        after = max(before, _most(container, worker.pid, len(ids)))
    growth = 100 * (after / before - 1)
    what = f"memory of enrich from article {first:,} to {size:,}"
    return [
        row(what, "% more", [growth], 3.0, "less"),
        row("  memory of enrich at most (PSS)", "MB", [after], None, "less"),
    ]


def _most(container: Container, pid: int, articles: int) -> float:
    """The most memory that is seen until so many are enriched, in megabytes."""
    seen: list[float] = []

    def read() -> bool:
        seen.append(megabytes([pid]))
        return enriched(container) >= articles

    until(read, "the articles to be enriched", every=1.0)
    return max(seen)
