"""Serve a process's metrics over HTTP, where ``DEPESCHE_METRICS_PORT`` asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

import structlog
from billiard.process import current_process

from tasks.settings import Settings
from worker.container import Container

log = structlog.get_logger()

Process = Literal["watch", "intake", "enrich"]
#: Processes of one machine stand side by side: each takes the set port and this.
PORTS: dict[Process, int] = {"watch": 0, "intake": 1, "enrich": 2}
_PARENT = "parent"


@contextmanager
def exported(
    container: Container, process: Process, waiting: Callable[[], int] | None = None
) -> Iterator[None]:
    """Count and serve while inside; nothing at all, not even the library, where no port is set.

    Enter it before the parts are made and before any fork. ``waiting`` tells how many files the
    inbox holds back: with it, what stands in queues and index is served too. A port that is taken
    costs the metrics, not the work.
    """
    if container.settings.metrics_port:
        try:
            _serve(container, process, waiting)
        except OSError as error:
            port = container.settings.metrics_port + PORTS[process]
            log.warning("metrics.not_served", port=port, error=str(error))
    yield


def _children(settings: Settings, process: Process) -> int:
    """How many processes are forked; ``_process_index`` counts them."""
    return {"watch": 0, "intake": settings.intake_processes, "enrich": settings.enrich_processes}[
        process
    ]


def _serve(container: Container, process: Process, waiting: Callable[[], int] | None) -> None:
    from prometheus_client import CollectorRegistry, values

    from worker.metrics.figures import Sums, Table, value_class
    from worker.metrics.prometheus_meter import PrometheusMeter
    from worker.metrics.server import serve
    from worker.metrics.state_collector import StateCollector

    children = range(_children(container.settings, process))
    tables = {name: Table() for name in (_PARENT, *map(str, children))}
    values.ValueClass = value_class(lambda: tables.get(_process_index()))
    container.meter = PrometheusMeter(CollectorRegistry())
    served = CollectorRegistry()
    served.register(Sums(tables))
    if waiting:
        served.register(StateCollector(container, waiting))
    host, port = container.settings.metrics_host, container.settings.metrics_port + PORTS[process]
    serve(host, port, served)


def _process_index() -> str:
    """Whose table of figures it is: a child goes on with that of the one whose place it took."""
    return str(getattr(current_process(), "index", _PARENT))
