"""A Redis that is away is looked for again soon, and no more often than makes sense."""

from __future__ import annotations

import socket
import time

import pytest
from kombu.exceptions import OperationalError

from tasks.broker import connect
from worker.reconcile.publisher import PAUSE_SECONDS, BackgroundTaskPublisher, TaskPublisher


class Enough(Exception):
    """To end an endless loop."""


def _nobody() -> str:
    with socket.create_server(("127.0.0.1", 0)) as closed_at_once:
        return f"redis://127.0.0.1:{closed_at_once.getsockname()[1]}/0"


def test_a_worker_looks_again_every_other_second() -> None:
    waits: list[float] = []

    def told(error: Exception, wait: float) -> None:
        waits.append(wait)
        if len(waits) == 2:
            raise Enough

    with pytest.raises((Enough, OperationalError)):
        connect(_nobody()).connection_for_read().ensure_connection(told)
    assert len(waits) == 2
    assert max(waits) <= 2.0


def test_notifying_a_silent_redis_gives_up_and_the_next_ones_do_not_try() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # accepts, and never answers
        publisher = TaskPublisher(connect(f"redis://127.0.0.1:{silent.getsockname()[1]}/0"))
        start = time.monotonic()
        assert not publisher.intake("batch")
        assert time.monotonic() - start < 20.0
        start = time.monotonic()
        assert not any(publisher.enrich(["id"]) for _ in range(100))
        assert time.monotonic() - start < PAUSE_SECONDS


def test_the_watcher_waits_for_no_notification() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        publisher = BackgroundTaskPublisher(
            connect(f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        )
        start = time.monotonic()
        for number in range(1000):
            publisher.intake(f"batch {number}")
        assert time.monotonic() - start < 1.0
