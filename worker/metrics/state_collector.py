"""What stands where, asked anew at each scrape: the part of the metrics that the watcher serves."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from threading import Lock

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from articles.errors import DepescheError
from indexing.writing import states
from worker.care.progress import progress
from worker.care.workers import workers
from worker.container import Container
from worker.heartbeat.beat import PROCESSES

#: Seconds for which an answer is good: who asks more often costs the services nothing.
KEPT_SECONDS = 1.0


class StateCollector(Collector):
    """Queues, spool, documents by state, rates. A service that is away costs its own part."""

    def __init__(self, container: Container, waiting: Callable[[], int]) -> None:
        self._container = container
        self._waiting = waiting
        self._looking = Lock()
        self._kept: tuple[float, list[GaugeMetricFamily]] | None = None

    def collect(self) -> list[GaugeMetricFamily]:
        """Ask Redis and Elasticsearch once each, and no more than once a second."""
        with self._looking:
            if self._kept is None or time.monotonic() - self._kept[0] > KEPT_SECONDS:
                self._kept = None
                self._kept = time.monotonic(), list(self._look())
            return self._kept[1]

    def _look(self) -> Iterator[GaugeMetricFamily]:
        up = GaugeMetricFamily("depesche_service_up", "Whether it answers.", labels=["service"])
        answering = set()
        for service, ask in (("redis", self._queues), ("elasticsearch", self._documents)):
            try:
                yield from ask()
                answering.add(service)
            except DepescheError:
                pass
            up.add_metric([service], service in answering)
        yield self._workers(redis="redis" in answering)
        yield _gauge("depesche_spool_batches", "Claimed batches.", len(self._container.spool))
        yield _gauge("depesche_inbox_waiting", "Files not ready at the last look.", self._waiting())
        yield up

    def _workers(self, redis: bool) -> GaugeMetricFamily:
        known = [worker.process for worker in workers(self._container, redis) if worker.lives]
        living: dict[str, float] = {process: known.count(process) for process in PROCESSES}
        return _gauges("depesche_workers", "Processes with a heartbeat.", "process", living)

    def _queues(self) -> list[GaugeMetricFamily]:
        lengths = self._container.queues.lengths()
        return [_gauges("depesche_queue_messages", "Messages waiting.", "queue", lengths)]

    def _documents(self) -> list[GaugeMetricFamily]:
        counts = states.counts(self._container.client, self._container.settings.index)
        names = {"pending": counts.pending, "enriched": counts.enriched, "failed": counts.failed}
        batches = len(self._container.spool) * self._container.settings.batch_files
        now = progress(counts, batches + self._waiting())
        families = [
            _gauges("depesche_documents", "Documents by state.", "state", names),
            _gauges("depesche_rate", "Articles a second, last minute.", "done", now.per_second),
        ]
        if now.seconds_left is not None:
            families.append(
                _gauge("depesche_seconds_left", "Until all is enriched.", now.seconds_left)
            )
        return families


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, text, value=value)


def _gauges(name: str, text: str, label: str, values: Mapping[str, float]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, text, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family
