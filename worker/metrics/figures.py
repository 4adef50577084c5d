"""Figures of a process and its forks, in memory that they share: nobody else can have a hand in it.

A table is one process's, and of whoever takes its place when it has died::

    8 bytes   how many bytes of it are used
    each      8 bytes: how long its key is; the key, filled up to eight bytes; 8 bytes: the figure
"""

from __future__ import annotations

import json
import mmap
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from threading import Lock
from typing import Any

from prometheus_client import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

#: One process's figures take some 80 KB at most; what is not written takes no memory.
BYTES = 256 * 1024
_NUMBER, _FIGURE, _STEP = struct.Struct("q"), struct.Struct("d"), 8


class Table:
    """Make it before the fork. One process writes it at a time, all may read."""

    def __init__(self) -> None:
        self._memory = mmap.mmap(-1, BYTES)
        self._places: dict[str, int] = {}
        self._one_at_a_time = Lock()

    def add(self, key: str, amount: float) -> None:
        """Count it; nothing is counted by a key for which there is no room."""
        with self._one_at_a_time:
            if place := self._place(key):
                now = self._figure(place) + amount
                self._memory[place : place + _STEP] = _FIGURE.pack(now)

    def figures(self) -> Iterator[tuple[str, float]]:
        """Each key with its figure."""
        for key, place in self._kept():
            yield key, self._figure(place)

    def _place(self, key: str) -> int:
        if key not in self._places:
            self._places = dict(self._kept())  # the one whose place we took may have had it
        if key not in self._places:
            self._places[key] = self._append(key)
        return self._places[key]

    def _append(self, key: str) -> int:
        """Its place; 0 where there is no room. Who dies in it has written nothing."""
        at, name = self._used(), key.encode()
        place = at + _STEP + _filled(len(name))
        if place + _STEP > BYTES:
            return 0
        self._memory[at : at + _STEP] = _NUMBER.pack(len(name))
        self._memory[at + _STEP : at + _STEP + len(name)] = name
        self._memory[place : place + _STEP] = _FIGURE.pack(0.0)
        self._memory[:_STEP] = _NUMBER.pack(place + _STEP)
        return place

    def _kept(self) -> Iterator[tuple[str, int]]:
        at, used = _STEP, self._used()
        while at < used:
            (length,) = _NUMBER.unpack_from(self._memory, at)
            name, place = at + _STEP, at + _STEP + _filled(length)
            yield self._memory[name : name + length].decode(), place
            at = place + _STEP

    def _used(self) -> int:
        return max(int(_NUMBER.unpack_from(self._memory)[0]), _STEP)

    def _figure(self, place: int) -> float:
        return float(_FIGURE.unpack_from(self._memory, place)[0])


def _filled(length: int) -> int:
    return -(-length // _STEP) * _STEP


def value_class(own: Callable[[], Table | None]) -> type:
    """What the library counts by; ``own`` is the table of the process that asks."""

    class Value:
        _multiprocess = True

        def __init__(
            self,
            kind: str,
            metric: str,
            sample: str,
            names: Sequence[str],
            values: Sequence[str],
            told: str,
            **_: Any,
        ) -> None:
            labels = sorted(zip(names, values, strict=True))
            self._key = json.dumps([kind, metric, told, sample, labels])
            self.inc(0)  # what was never counted is shown as 0

        def inc(self, amount: float) -> None:
            if table := own():
                table.add(self._key, amount)

    return Value


class Sums(Collector):
    """The figures of all tables, added up."""

    def __init__(self, tables: Mapping[str, Table]) -> None:
        self._tables = tables

    def collect(self) -> Iterable[Metric]:
        """As the library shows them."""
        metrics: dict[str, Metric] = {}
        for table in self._tables.values():
            for key, figure in table.figures():
                kind, name, told, sample, labels = json.loads(key)
                metric = metrics.setdefault(name, Metric(name, told, kind))
                # Pairs, for the library finds those that are alike by them.
                metric.add_sample(sample, tuple(map(tuple, labels)), figure)  # type: ignore[arg-type]
        return MultiProcessCollector._accumulate_metrics(metrics, accumulate=True)  # type: ignore[no-untyped-call,no-any-return]
