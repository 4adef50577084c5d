"""Where the time goes, stage by stage, as the processes' own metrics tell."""

from __future__ import annotations

import httpx
from prometheus_client.parser import text_string_to_metric_families

from benchmarks.speed.ground import Ground, drop, enriched, stage, until
from benchmarks.speed.rows import Row, row
from tests.processes import free_ports
from worker.container import Container
from worker.metrics.exporter import PORTS

ARTICLES, QUICK = 1_000, 128


def measure(ground: Ground) -> list[Row]:
    """Milliseconds an article of each stage of intake and enrichment, everything running; disk."""
    with ground.container() as (container, running):
        base, size = free_ports(len(PORTS)), ground.size(ARTICLES, QUICK)
        running.start_all(DEPESCHE_METRICS_PORT=str(base))
        drop(container, stage(container, (ground.corpus.text(n) for n in range(size))))
        until(lambda: enriched(container) >= size, "all to be enriched", every=0.5)
        spent = _seconds(base + PORTS["intake"]) | _seconds(base + PORTS["enrich"])
        stored = _bytes(container) / size
    stages = [row(f"  {name}", "ms/article", [1000 * s / size]) for name, s in spent.items()]
    return [*stages, row("  index on disk, merged", "KB/article", [stored / 1000])]


def _bytes(container: Container) -> int:
    """The index's size when all of it is merged."""
    index = container.settings.index
    patient = container.client.options(request_timeout=300)
    patient.indices.forcemerge(index=index, max_num_segments=1)
    return int(patient.indices.stats(index=index)["_all"]["total"]["store"]["size_in_bytes"])


def _seconds(port: int) -> dict[str, float]:
    """The seconds that one process spent in each of its stages."""
    text = httpx.get(f"http://127.0.0.1:{port}/metrics", timeout=30).text
    samples = (s for f in text_string_to_metric_families(text) for s in f.samples)
    return {s.labels["stage"]: s.value for s in samples if s.name == "depesche_stage_seconds_sum"}
