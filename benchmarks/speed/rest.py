"""What the system needs while nothing happens: without and with a large archive."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from elasticsearch import helpers

from benchmarks.speed.ground import Ground, drop, enriched, stage, until
from benchmarks.speed.rows import Row, row
from benchmarks.speed.use import cpu_seconds, megabytes
from tests.processes import Processes
from worker.care.status import read
from worker.container import Container

#: Of one of three rounds.
SECONDS, QUICK_SECONDS = 20, 10
CALM = 5.0
DOCUMENTS, QUICK_DOCUMENTS = 1_000_000, 50_000
FILES, QUICK_FILES = 100_000, 5_000
FOLDER = 1_000


def measure(ground: Ground) -> list[Row]:
    """Everything with two enrich processes at rest; then the watcher alone over an archive."""
    cpu, memory = _empty(ground)
    return [
        row("all processes at rest", "% of a core", cpu, 1.0, "less"),
        row("  their memory (PSS), two enrich processes", "MB", memory, 600.0, "less"),
        *_full(ground),
    ]


def _empty(ground: Ground) -> tuple[list[float], list[float]]:
    with ground.container() as (container, running):
        pids = [running.start(name).pid for name in ("watch", "intake")]
        pids.append(running.start("enrich", DEPESCHE_ENRICH_PROCESSES="2").pid)
        drop(container, stage(container, [ground.corpus.text(n) for n in range(8)]))
        until(lambda: enriched(container) == 8, "all to be up")
        cpu = [_share(ground, pids) for _ in ground.rounds]
        return cpu, [megabytes(pids)]


def _share(ground: Ground, pids: list[int]) -> float:
    """Processor time, in per cent of one core."""
    time.sleep(CALM)
    before, start = cpu_seconds(pids), time.monotonic()
    time.sleep(ground.size(SECONDS, QUICK_SECONDS))
    return 100 * (cpu_seconds(pids) - before) / (time.monotonic() - start)


def _full(ground: Ground) -> list[Row]:
    documents = ground.size(DOCUMENTS, QUICK_DOCUMENTS)
    files = ground.size(FILES, QUICK_FILES)
    with ground.container() as (container, running):
        fill_index(container, documents)
        _fill_archive(container, files)
        shares = _watching(ground, running)
        start = time.monotonic()
        read(container)
        asked = time.monotonic() - start
    what = f"watch and reconcile over {documents:,} documents, {files:,} files"
    return [
        row(what, "% of a core", shares, 1.0, "less"),
        row("  `depesche status` over them", "s", [asked], None, "less"),
    ]


def _watching(ground: Ground, running: Processes) -> list[float]:
    watcher = running.start("watch")
    return [_share(ground, [watcher.pid]) for _ in ground.rounds]


def fill_index(container: Container, count: int, first: int = 0) -> None:
    """Index generated documents as if enriched: small ones, for their number alone."""
    actions = _generated(container.settings.index, range(first, first + count))
    for _ in helpers.parallel_bulk(container.client, actions, chunk_size=2_000):
        pass
    container.client.indices.refresh(index=container.settings.index)


def _generated(index: str, numbers: range) -> Iterator[dict[str, Any]]:
    for n in numbers:
        stamp = f"2024-{n % 12 + 1:02}-{n % 28 + 1:02}T00:00:00Z"
        yield {
            "_index": index,
            "_id": f"generated-{n}",
            "headline": f"Nummer {n}",
            "body": f"Der Satz {n % 1000} von {n % 977}.",
            "received_at": stamp,
            "indexed_at": stamp,
            "source": {"path": f"generated/{n}.txt"},
            "enrichment": {"state": "enriched", "pipeline": "generated", "at": stamp},
        }


def _fill_archive(container: Container, count: int) -> None:
    for start in range(0, count, FOLDER):
        folder = container.folders.archive / f"{start:07}"
        folder.mkdir()
        for number in range(start, min(count, start + FOLDER)):
            (folder / f"{number:07}.txt").touch()
