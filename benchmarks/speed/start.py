"""From the start of a worker to its first article."""

from __future__ import annotations

import time

from benchmarks.speed.ground import Ground, enriched, publish, put_in, until
from benchmarks.speed.rows import Row, row


def measure(ground: Ground) -> list[Row]:
    """An article waits; the enrich worker starts."""
    return [row("start of enrich to first article", "s", _all(ground), 5.0, "less")]


def _all(ground: Ground) -> list[float]:
    seconds = []
    for number in ground.rounds:
        with ground.container() as (container, running):
            publish(container, put_in(container, [ground.corpus.text(number)]))
            start = time.monotonic()
            running.start("enrich")
            seconds.append(until(lambda: enriched(container) == 1, "the article") - start)
    return seconds
