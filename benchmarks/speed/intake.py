"""Intake from ``inbox/`` to searchable, over the bare bulk helper and beside FSCrawler."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.speed.bare import WARM, bulk_rate
from benchmarks.speed.fscrawler import crawled_rate
from benchmarks.speed.ground import Ground, documents, drop, searchable, stage, until
from benchmarks.speed.rows import Row, row
from benchmarks.speed.use import Meter, Spent
from tests.processes import Processes
from worker.container import Container

FILES, QUICK = 5_000, 400
Taken = tuple[float, Spent]


def dropped_rate(
    container: Container, running: Processes, articles: Sequence[str]
) -> tuple[float, Spent]:
    """Articles a second from one drop of them all until a search sees the last one."""
    clocks = Meter([running.start(name).pid for name in ("watch", "intake")])
    drop(container, stage(container, articles[:WARM]))
    until(lambda: searchable(container) >= WARM, "intake to be up")
    folder, wanted = stage(container, articles[WARM:]), len(articles)
    clocks.start()
    start = drop(container, folder)
    end = until(lambda: searchable(container) >= wanted, "all to be searchable", every=0.05)
    files = len(articles) - WARM
    return files / (end - start), clocks.spent(files)


def measure(ground: Ground) -> list[Row]:
    """Each round: ready-made documents by the helper, then the same articles as files."""
    articles = [ground.corpus.text(n) for n in range(ground.size(FILES, QUICK))]
    bulk, files, crawled = [], [], []
    for _ in ground.rounds:
        ready = list(documents(articles))
        with ground.container() as (container, _running):
            bulk.append(bulk_rate(container, ready))
        with ground.container() as (container, running):
            files.append(dropped_rate(container, running, articles))
        if ground.fscrawler:
            crawled.append(crawled_rate(ground, ground.fscrawler, articles))
    return [*_rows(bulk, files), *_over_fscrawler([rate for rate, _ in files], crawled)]


def _rows(bulk: Sequence[Taken], files: Sequence[Taken]) -> list[Row]:
    unit = "ms/article"
    return [
        row(
            "intake over parallel_bulk",
            "×",
            [a / b for (a, _), (b, _) in zip(files, bulk, strict=True)],
            0.7,
        ),
        row("  parallel_bulk", "articles/s", [rate for rate, _ in bulk]),
        row("  intake", "articles/s", [rate for rate, _ in files]),
        row("  processor time of the machine, bulk", unit, [spent.machine for _, spent in bulk]),
        row("  the same, intake", unit, [spent.machine for _, spent in files]),
        row("  of it watch and intake", unit, [spent.own for _, spent in files]),
    ]


def _over_fscrawler(files: Sequence[float], crawled: Sequence[float]) -> list[Row]:
    if not crawled:
        return []
    ratios = [a / b for a, b in zip(files, crawled, strict=True)]
    return [row("intake over FSCrawler", "×", ratios, 1.0)]
