"""Memory and processor time of processes with all their children."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import psutil

MEGABYTE = 1e6


def family(pids: Iterable[int]) -> Iterator[psutil.Process]:
    """Those processes and all below them that live."""
    for pid in pids:
        try:
            process = psutil.Process(pid)
            yield from [process, *process.children(recursive=True)]
        except psutil.NoSuchProcess:
            continue


def cpu_seconds(pids: Iterable[int]) -> float:
    """Processor time that they have used so far."""
    return sum(sum(one.cpu_times()[:2]) for one in family(pids))


def megabytes(pids: Iterable[int]) -> float:
    """Their memory: what is shared is counted once, in shares (PSS, of ``smaps``)."""
    return float(sum(one.memory_full_info().pss for one in family(pids)) / MEGABYTE)


def resident(pid: int) -> float:
    """Resident memory of one process, in megabytes; quick to ask."""
    return float(psutil.Process(pid).memory_info().rss / MEGABYTE)
