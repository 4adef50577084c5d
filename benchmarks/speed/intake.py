"""Intake from ``inbox/`` to searchable, over the bare bulk helper and beside FSCrawler."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.speed.bare import WARM, bulk_rate
from benchmarks.speed.fscrawler import crawled_rate
from benchmarks.speed.ground import Ground, documents, drop, searchable, stage, until
from benchmarks.speed.rows import Row, row
from tests.processes import Processes
from worker.house import House

FILES, QUICK = 5_000, 400


def dropped_rate(house: House, running: Processes, articles: Sequence[str]) -> float:
    """Articles a second from one drop of them all until a search sees the last one."""
    for name in ("watch", "intake"):
        running.start(name)
    drop(house, stage(house, articles[:WARM]))
    until(lambda: searchable(house) >= WARM, "intake to be up")
    before = searchable(house)
    start = drop(house, stage(house, articles[WARM:]))
    wanted = before + len(articles) - WARM
    end = until(lambda: searchable(house) >= wanted, "all to be searchable", every=0.05)
    return (len(articles) - WARM) / (end - start)


def measure(ground: Ground) -> list[Row]:
    """Each round: ready-made documents by the helper, then the same articles as files."""
    articles = [ground.corpus.text(n) for n in range(ground.size(FILES, QUICK))]
    bulk, files, crawled = [], [], []
    for _ in ground.rounds:
        ready = list(documents(articles))
        with ground.house() as (house, _running):
            bulk.append(bulk_rate(house, ready))
        with ground.house() as (house, running):
            files.append(dropped_rate(house, running, articles))
        if ground.fscrawler:
            crawled.append(crawled_rate(ground, ground.fscrawler, articles))
    ratios = [a / b for a, b in zip(files, bulk, strict=True)]
    rows = [
        row("intake over parallel_bulk", "×", ratios, 0.7),
        row("  parallel_bulk", "articles/s", bulk),
        row("  intake", "articles/s", files),
    ]
    if crawled:
        beside = [a / b for a, b in zip(files, crawled, strict=True)]
        rows.append(row("intake over FSCrawler", "×", beside, 1.0))
    return rows
