"""Whether intake and enrichment keep their rates while the index grows."""

from __future__ import annotations

import time
from pathlib import Path
from statistics import median
from typing import Literal

from benchmarks.speed.ground import (
    Ground,
    calm,
    drop,
    enriched,
    enriched_at,
    searchable,
    stage,
    until,
)
from benchmarks.speed.rest import fill_index
from benchmarks.speed.rows import Row, row, steady
from tests.processes import Processes
from worker.container import Container

SIZES, QUICK_SIZES = (1_000, 10_000, 100_000), (200, 1_000, 2_000)
#: With ``--long``: many documents, on which no language processing is measured.
VERY_LARGE = 1_000_000
#: Of one of three rounds.
FILES, QUICK_FILES = 240, 96
Point = tuple[int, list[float], list[float]]


def measure(ground: Ground) -> list[Row]:
    """One index that grows by generated documents; at each size articles of real length.

    The least of the rates over the one at the smallest size is to stay above 0.85.
    """
    with ground.container() as (container, running):
        running.start("watch")
        running.start("intake")
        drop(container, stage(container, [ground.corpus.text(0)]))
        until(lambda: searchable(container) == 1, "intake to be up")
        sizes = QUICK_SIZES if ground.quick else SIZES
        points = [_point(ground, container, running, size) for size in sizes]
        if ground.long:
            points.append(_very_large(ground, container))
    rows = [_flatness("intake", 1, points), _flatness("enrichment", 2, points)]
    for size, filed, read in points:
        rows.append(row(f"  intake at {size:,}", "articles/s", filed))
        rows += [row(f"  enrichment at {size:,}", "articles/s", read)] if read else []
    return rows


def _very_large(ground: Ground, container: Container) -> Point:
    there = searchable(container)
    fill_index(container, VERY_LARGE - there, first=there)
    calm(container)
    return VERY_LARGE, _intake(ground, container, VERY_LARGE), []


def _flatness(name: str, at: Literal[1, 2], points: list[Point]) -> Row:
    rates = [(point[0], median(point[at])) for point in points if point[at]]
    sizes = f"{rates[0][0]:,} to {rates[-1][0]:,} documents"
    least = min(rate for _, rate in rates) / rates[0][1]
    return row(f"{name} from {sizes}, least over first", "×", [least], 0.85)


def _point(ground: Ground, container: Container, running: Processes, size: int) -> Point:
    there = searchable(container)
    fill_index(container, max(0, size - there), first=there)
    calm(container)
    filed = _intake(ground, container, size)
    calm(container)
    return size, filed, [_enrichment(container, running)]


def _intake(ground: Ground, container: Container, size: int) -> list[float]:
    files = ground.size(FILES, QUICK_FILES)
    firsts = (10_000_000 + size + files * number for number in ground.rounds)
    return [_dropped(ground, container, range(first, first + files)) for first in firsts]


def _dropped(ground: Ground, container: Container, numbers: range) -> float:
    files, before = len(numbers), searchable(container)
    texts = (ground.corpus.text(number) for number in numbers)
    start = drop(container, stage(container, texts))
    end = until(lambda: searchable(container) >= before + files, "all to be found", every=0.05)
    return files / (end - start)


def _enrichment(container: Container, running: Processes) -> float:
    """All that intake has just put in, by a worker that starts and ends."""
    since, wanted = time.time(), searchable(container)
    worker = running.start("enrich")
    until(lambda: enriched(container) >= wanted, "all to be enriched", every=0.5)
    worker.terminate()
    worker.wait()
    return steady(enriched_at(container, since))


def plot(rows: list[Row], path: Path) -> bool:
    """Draw the rates over the sizes; False where matplotlib (extra ``benchmarks``) is not there."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        return False
    figure = Figure(figsize=(7, 4))
    axes = figure.add_subplot()
    for name in ("intake", "enrichment"):
        points = [point for point in rows if point.what.startswith(f"  {name} at ")]
        sizes = [int(point.what.rpartition(" ")[2].replace(",", "")) for point in points]
        axes.plot(sizes, [point.value for point in points], marker="o", label=name)
    axes.set(xscale="log", yscale="log", xlabel="documents in the index", ylabel="articles/s")
    axes.grid(visible=True)
    axes.legend()
    figure.savefig(path, dpi=120)
    return True
