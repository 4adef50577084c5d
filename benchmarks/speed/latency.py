"""From the drop of one file until it is found and enriched: idle, and behind others."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from benchmarks.speed.ground import Ground, enriched, put_in, until
from benchmarks.speed.rows import Row, quantile, row
from worker.container import Container

DROPS, QUICK = 20, 8
BACKLOG, QUICK_BACKLOG = 10_000, 600
EVERY = 0.01


class Delay(NamedTuple):
    """Seconds from the end of writing the file."""

    searchable: float
    enriched: float


def drop_one(container: Container, text: str, name: str, *, to_the_end: bool) -> Delay:
    """Drop a file and search for it until it is found, and if asked until it is enriched."""
    (container.folders.inbox / name).write_text(text, "utf-8")
    start = time.monotonic()
    here = {"term": {"source.path": name}}
    searchable = until(lambda: _hits(container, here), "the file to be found", EVERY) - start
    if not to_the_end:
        return Delay(searchable, float("nan"))
    both = {"bool": {"filter": [here, {"term": {"enrichment.state": "enriched"}}]}}
    return Delay(
        searchable, until(lambda: _hits(container, both), "it to be enriched", EVERY) - start
    )


def _hits(container: Container, query: Mapping[str, Any]) -> bool:
    return bool(container.client.count(index=container.settings.index, query=query)["count"])


def drops(container: Container, ground: Ground, *, to_the_end: bool) -> list[Delay]:
    """Drop one after the other, at no fixed beat; the first, which warms up, does not count."""
    chance, delays = random.Random(7), []
    for number in range(ground.size(DROPS, QUICK) + 1):
        text = ground.corpus.text(900_000 + number)
        delays.append(drop_one(container, text, f"drop-{number}.txt", to_the_end=to_the_end))
        time.sleep(chance.uniform(0.2, 0.7))
    return delays[1:]


def measure(ground: Ground) -> list[Row]:
    """Idle, then with a backlog of enrichment."""
    idle = [_idle(ground) for _ in ground.rounds]
    behind = [_behind(ground) for _ in ground.rounds]
    idle_waits = [[delay.searchable for delay in delays] for delays in idle]
    read = [quantile([delay.enriched for delay in delays], 0.95) for delays in idle]
    waited = [[delay.searchable for delay in delays] for delays in behind]
    return [
        row(
            "drop to searchable, median",
            "s",
            [quantile(delays, 0.5) for delays in idle_waits],
            0.5,
            "less",
        ),
        row(
            "drop to searchable, p95",
            "s",
            [quantile(delays, 0.95) for delays in idle_waits],
            1.0,
            "less",
        ),
        row("drop to enriched, p95", "s", read, 2.0, "less"),
        row(
            "  with a backlog, median",
            "s",
            [quantile(delays, 0.5) for delays in waited],
            None,
            "less",
        ),
        row(
            "  with a backlog, p95", "s", [quantile(delays, 0.95) for delays in waited], 2.0, "less"
        ),
    ]


def _idle(ground: Ground) -> list[Delay]:
    with ground.container() as (container, running):
        running.start_all()
        return drops(container, ground, to_the_end=True)


def _behind(ground: Ground) -> list[Delay]:
    with ground.container() as (container, running):
        size = ground.size(BACKLOG, QUICK_BACKLOG)
        put_in(container, (ground.corpus.text(n) for n in range(size)))
        running.start_all()
        until(lambda: enriched(container) > 0, "enrichment to be under way")
        delays = drops(container, ground, to_the_end=False)
        if enriched(container) >= size:
            raise RuntimeError("the backlog was worked off before the last drop: raise BACKLOG")
        return delays
