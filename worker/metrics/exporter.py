"""Serve a process's metrics over HTTP, where ``DEPESCHE_METRICS_PORT`` asks for it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import structlog
from billiard.process import current_process

from tasks.settings import Settings
from worker.container import Container

log = structlog.get_logger()

Process = Literal["watch", "intake", "enrich"]
#: Processes of one machine stand side by side: each takes the set port and this.
PORTS: dict[Process, int] = {"watch": 0, "intake": 1, "enrich": 2}
#: What the library calls its files; those of a process hold some 40 KB at most.
_KINDS = ("counter", "histogram")
_BYTES = 128 * 1024


@contextmanager
def exported(
    container: Container, process: Process, waiting: Callable[[], int] | None = None
) -> Iterator[None]:
    """Count and serve while inside; nothing at all, not even the library, where no port is set.

    Enter it before the parts are made and before any fork. ``waiting`` tells how many files the
    inbox holds back: with it, what stands in queues and index is served too. A port that is
    taken, or a full ``/tmp``, costs the metrics, not the work.
    """
    if not container.settings.metrics_port:
        yield
        return
    with ExitStack() as stack:
        try:
            # Children write their figures there. Not in the data folder: it may be remote.
            folder = TemporaryDirectory(prefix="depesche-metrics-", ignore_cleanup_errors=True)
            reserve(Path(stack.enter_context(folder)), _children(container.settings, process))
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = folder.name
            _serve(container, process, waiting)
        except OSError as error:
            port = container.settings.metrics_port + PORTS[process]
            log.warning("metrics.not_served", port=port, error=str(error))
        yield


def reserve(folder: Path, children: int) -> None:
    """Lay the files of figures down, all of their bytes. Raises ``OSError`` on a full disk.

    The library maps them with holes in them: where ``/tmp`` is full, by whomever, the first figure
    that falls into one ends the process, and after three tries the article that was in its hands.
    """
    for kind, index in product(_KINDS, ("parent", *range(children))):
        (folder / f"{kind}_{index}.db").write_bytes(bytes(_BYTES))


def _children(settings: Settings, process: Process) -> int:
    """How many processes are forked; ``_process_index`` counts them."""
    return {"watch": 0, "intake": settings.intake_processes, "enrich": settings.enrich_processes}[
        process
    ]


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
    serve(host, port, served)


def _process_index() -> str:
    """Whose file of figures it is: a child goes on with that of the one whose place it took."""
    return str(getattr(current_process(), "index", "parent"))
