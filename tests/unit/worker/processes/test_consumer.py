"""A worker's loop forgets what it had to do for a connection that is no more."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from celery.worker.consumer import Consumer
from kombu.asynchronous import Hub

from worker.processes import consumer
from worker.processes.consumer import BeatingConsumer


def test_where_the_loop_cannot_begin_nothing_is_left_of_the_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Else timers of all of them go on: 12 connections a second while Redis refuses writes."""
    pauses: list[float] = []
    monkeypatch.setattr(consumer, "time", SimpleNamespace(sleep=pauses.append))
    made: Any = BeatingConsumer.__new__(BeatingConsumer)
    hub = Hub()  # type: ignore[no-untyped-call]
    hub.on_tick.add(hub.close)  # as the pool does, once
    monkeypatch.setattr(Consumer, "connect", lambda _: _connected(hub))
    made.hub, made.controller, made.pool, made.task_buckets = hub, None, None, {}
    for goes_round in (False, True, False):
        made.connect()
        assert (len(hub.timer), len(hub.on_tick)) == (1, 2)
        made._goes_round = goes_round
        made.on_close()
        assert (len(hub.timer), hub.on_tick) == (0, {hub.close})
    assert len(pauses) == 2, "a connection that was lost is made anew at once"
    hub.close()  # type: ignore[no-untyped-call]


def _connected(hub: Hub) -> None:
    """What the transport does."""
    hub.timer.call_repeatedly(1.0, hub.stop)
    hub.on_tick.add(hub.stop)
