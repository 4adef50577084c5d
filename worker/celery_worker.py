"""Run a Celery worker in this process."""

from __future__ import annotations

import logging
import os
import socket
import sys
import warnings
from collections.abc import Sequence

from celery import Celery, signals
from celery.platforms import SecurityWarning


def serve(app: Celery, name: str, queues: Sequence[str], processes: int) -> None:
    """Work those queues in forked children until SIGTERM or Ctrl-C, then end the process."""
    signals.setup_logging.connect(_keep_our_logging)
    # Root is dangerous to Celery where messages may be pickled; here only JSON is accepted.
    warnings.simplefilter("ignore", SecurityWarning)
    worker = app.Worker(
        hostname=f"{name}-{os.getpid()}@{socket.gethostname()}",
        queues=",".join(queues),
        concurrency=processes,
        pool="prefork",
        loglevel=logging.WARNING,
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()
    sys.exit(worker.exitcode)


def _keep_our_logging(**_: object) -> None:
    """Celery leaves logging alone where this signal has a receiver."""
