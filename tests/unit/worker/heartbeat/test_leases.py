"""A worker's renewals disturb nobody, and ask nothing of Redis where it holds nothing."""

from __future__ import annotations

import time
from typing import Any

import pytest

from articles.errors import DepescheError
from tasks.redis_address import parse
from worker.heartbeat import leases as room
from worker.heartbeat.leases import Leases

NOWHERE = parse("redis://127.0.0.1:1/0")


def test_where_redis_is_away_it_goes_on() -> None:
    message: Any = object()
    Leases(NOWHERE, "unacked", lambda: {"tag": message}).renew()


def test_a_redis_that_answers_late_takes_half_of_the_time_at_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock, tries = [100.0], []

    def late(*_: object) -> None:
        tries.append(clock[0])
        clock[0] += 2.0
        raise DepescheError("it did not answer")

    monkeypatch.setattr(time, "monotonic", lambda: clock[0])
    monkeypatch.setattr(room, "renew", late)
    message: Any = object()
    leases = Leases(NOWHERE, "unacked", lambda: {"tag": message})
    for _ in range(8):
        leases.renew()
        clock[0] += 0.5
    assert tries == [100.0, 104.0]


def test_where_nothing_is_held_nothing_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "renew", lambda *_: pytest.fail("asked"))
    Leases(NOWHERE, "unacked", dict).renew()
