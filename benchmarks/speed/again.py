"""``reenrich`` against the first enrichment, and whether search stays usable meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable

from benchmarks.speed.ground import Ground, enriched_at, put_in
from benchmarks.speed.rows import Row, quantile, row, steady
from indexing.searching.query import Query
from indexing.searching.search import search
from indexing.writing import reenrich, states
from worker.container import Container

#: The issue's 50,000, short ones and once: ``--long``.
ARTICLES, QUICK, LONG = 320, 128, 50_000


def measure(ground: Ground) -> list[Row]:
    """Both ways through the reconciler, in one index."""
    rounds = [_once(ground) for _ in (range(1) if ground.long else ground.rounds)]
    return [
        row(
            "reenrich over first enrichment",
            "×",
            [again / first for first, again, _ in rounds],
            1.0,
        ),
        row("  reenrich", "articles/s", [again for _, again, _ in rounds]),
        row("  a search meanwhile, p95", "s", [wait for _, _, wait in rounds], 1.0, "less"),
    ]


def _once(ground: Ground) -> tuple[float, float, float]:
    """Articles a second the first time, and again; seconds of a search meanwhile (p95)."""
    with ground.container() as (container, running):
        size = LONG if ground.long else ground.size(ARTICLES, QUICK)
        paragraphs = 1 if ground.long else None
        count = len(put_in(container, (ground.corpus.text(n, paragraphs) for n in range(size))))

        def done() -> bool:
            counts = states.counts(container.client, container.settings.index)
            return counts.enriched == count

        for name in ("watch", "enrich"):
            running.start(name)
        _searching(container, done)
        first = steady(enriched_at(container))
        every = reenrich.stale((), everything=True)
        reenrich.ask(container.client, container.settings.index, every, "")
        container.client.indices.refresh(index=container.settings.index)
        waits = _searching(container, done)
        return first, steady(enriched_at(container)), quantile(waits, 0.95)


def _searching(container: Container, done: Callable[[], bool]) -> list[float]:
    """Search twice a second until it is done; how long each took."""
    waits = []
    while True:
        start = time.monotonic()
        search(container.client, container.settings.index, Query("Regierung Wahl"))
        waits.append(time.monotonic() - start)
        if done():
            return waits
        time.sleep(0.5)
