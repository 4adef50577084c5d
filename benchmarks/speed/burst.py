"""Very many files at once: how long until the last is claimed, and what the watcher needs."""

from __future__ import annotations

import os
import time
from pathlib import Path

from benchmarks.speed.ground import Ground, drop, searchable, stage, until
from benchmarks.speed.rows import Row, row
from benchmarks.speed.use import resident

FILES, QUICK = 60_000, 3_000


def measure(ground: Ground) -> list[Row]:
    """Watcher and intake run; the files are small ones in one folder."""
    rounds = [_once(ground) for _ in ground.rounds]
    files = f"{ground.size(FILES, QUICK):,} files"
    return [
        row(
            f"{files}: until the last is claimed",
            "s",
            [measured[0] for measured in rounds],
            60.0,
            "less",
        ),
        row(
            f"{files}: memory of the watcher",
            "MB",
            [measured[1] for measured in rounds],
            150.0,
            "less",
        ),
    ]


def _once(ground: Ground) -> tuple[float, float]:
    with ground.container() as (container, running):
        watcher = running.start("watch")
        running.start("intake")
        drop(container, stage(container, [ground.corpus.text(0)]))
        until(lambda: searchable(container) == 1, "intake to be up")
        numbers = range(ground.size(FILES, QUICK))
        folder = stage(container, (f" date 2024-06 Probe : Nr. {n}\n\nEin Satz." for n in numbers))
        start, most = drop(container, folder), 0.0
        while _has_files(container.folders.inbox / folder.name):
            most = max(most, resident(watcher.pid))
            time.sleep(0.1)
        return time.monotonic() - start, most


def _has_files(folder: Path) -> bool:
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is not None
    except FileNotFoundError:
        return False
