"""Memory and processor time of processes with all their children."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

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
    return sum(sum(process.cpu_times()[:2]) for process in family(pids))


def megabytes(pids: Iterable[int]) -> float:
    """Their memory: what is shared is counted once, in shares (PSS, of ``smaps``)."""
    return sum(map(_pss, family(pids))) / MEGABYTE


def _pss(process: psutil.Process) -> float:
    try:
        return float(process.memory_full_info().pss)
    except psutil.NoSuchProcess:
        return 0.0


def resident(pid: int) -> float:
    """Resident memory of one process, in megabytes; quick to ask."""
    return float(psutil.Process(pid).memory_info().rss / MEGABYTE)


class Spent(NamedTuple):
    """Milliseconds of processor time an article: of the whole machine, and of ours in it."""

    machine: float
    own: float


@dataclass(slots=True)
class Meter:
    """Reads the clocks of processors: of those ``pids`` with their children, and of all."""

    pids: Sequence[int]
    machine: float = 0.0
    own: float = 0.0

    def start(self) -> None:
        """From now on."""
        self.machine, self.own = _machine_seconds(), cpu_seconds(self.pids)

    def spent(self, articles: int) -> Spent:
        """Since the start."""
        seconds = _machine_seconds() - self.machine, cpu_seconds(self.pids) - self.own
        return Spent(*(1000 * share / articles for share in seconds))


def _machine_seconds() -> float:
    times = psutil.cpu_times()
    return float(times.user + times.system + times.softirq + times.irq + times.nice)
