"""Work before the first measure: a server's code is fast only when it has run for a while."""

from __future__ import annotations

from benchmarks.speed.ground import Ground, drop, enriched, stage, until

ARTICLES = 1_500


def through(ground: Ground) -> None:
    """Send articles all the way; a fresh Elasticsearch still compiles what it runs for them."""
    with ground.container() as (container, running):
        running.start_all(DEPESCHE_ENRICH_PROCESSES="2")
        drop(
            container, stage(container, (ground.corpus.text(800_000 + n) for n in range(ARTICLES)))
        )
        until(lambda: enriched(container) >= ARTICLES, "the services to be warm", every=0.5)
