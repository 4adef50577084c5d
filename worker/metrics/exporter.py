"""Serve a process's metrics over HTTP, where ``DEPESCHE_METRICS_PORT`` asks for it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from tempfile import TemporaryDirectory
from typing import Literal

import structlog
from billiard.process import current_process

from worker.container import Container

log = structlog.get_logger()

Process = Literal["watch", "intake", "enrich"]
#: Processes of one machine stand side by side: each takes the set port and this.
PORTS: dict[Process, int] = {"watch": 0, "intake": 1, "enrich": 2}


@contextmanager
def exported(
    container: Container, process: Process, waiting: Callable[[], int] | None = None
) -> Iterator[None]:
    """Count and serve while inside; nothing at all, not even the library, where no port is set.

    Enter it before the parts are made and before any fork. ``waiting`` tells how many files the
    inbox holds back: with it, what stands in queues and index is served too. A port that is
    taken costs the metrics, not the work.
    """
    if not container.settings.metrics_port:
        yield
        return
    # Children write their figures into files there. Not in the data folder: it may be remote.
    with TemporaryDirectory(prefix="depesche-metrics-") as folder:
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder
        _serve(container, process, waiting)
        yield


def _serve(container: Container, process: Process, waiting: Callable[[], int] | None) -> None:
    from prometheus_client import CollectorRegistry, values
    from prometheus_client.multiprocess import MultiProcessCollector

    from worker.metrics.prometheus_meter import PrometheusMeter
    from worker.metrics.server import serve
    from worker.metrics.state_collector import StateCollector

    values.ValueClass = values.MultiProcessValue(_process_index)  # type: ignore[no-untyped-call]
    container.meter = PrometheusMeter(CollectorRegistry())
    served = CollectorRegistry()
    MultiProcessCollector(served)  # type: ignore[no-untyped-call]
    if waiting:
        served.register(StateCollector(container, waiting))
    host, port = container.settings.metrics_host, container.settings.metrics_port + PORTS[process]
    try:
        serve(host, port, served)
    except OSError as error:
        log.warning("metrics.not_served", port=port, error=str(error))


def _process_index() -> str:
    """Whose file of figures it is: a child goes on with that of the one whose place it took."""
    return str(getattr(current_process(), "index", "parent"))
