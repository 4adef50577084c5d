"""Run a Celery worker in this process."""

from __future__ import annotations

import os
from collections.abc import Sequence

from celery import Celery, signals


def serve(app: Celery, name: str, queues: Sequence[str], processes: int) -> None:
    """Work those queues in forked children until SIGTERM or Ctrl-C."""
    signals.setup_logging.connect(_keep_our_logging)
    app.worker_main(
        [
            "worker",
            f"--hostname={name}-{os.getpid()}@%h",
            f"--queues={','.join(queues)}",
            f"--concurrency={processes}",
            "--pool=prefork",
            "--loglevel=WARNING",
            "--without-gossip",
            "--without-mingle",
            "--without-heartbeat",
        ]
    )


def _keep_our_logging(**_: object) -> None:
    """Celery leaves logging alone where this signal has a receiver."""
