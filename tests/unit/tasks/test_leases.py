"""Leases are in Redis's own time, and what Redis has forgotten it is told anew."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest

from tasks import leases


class Message:
    """One of kombu's."""

    def __init__(self, id_: str) -> None:
        self._raw = {"headers": {"id": id_}}
        self.delivery_info = {"exchange": "e", "routing_key": "queue"}


class Redis:
    """What of Redis is asked for; its clock is wherever it likes to be."""

    def __init__(self, now: tuple[int, int]) -> None:
        self.now = now
        self.index: dict[str, float] = {}
        self.held: dict[str, str] = {}
        self.sent = 0

    def __enter__(self) -> Redis:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing to give back."""

    def time(self) -> tuple[int, int]:
        return self.now

    def pipeline(self) -> Redis:
        return self

    def zadd(self, key: str, scores: dict[str, float]) -> int:
        assert key == "unacked_index"
        new = len(scores.keys() - self.index.keys())
        self.index |= scores
        return new

    def hset(self, key: str, tag: str, content: str) -> None:
        assert key == "unacked"
        self.held[tag] = content
        self.sent += 1

    def execute(self) -> None:
        """It was all done at once."""


@pytest.mark.parametrize("now", [(5, 250_000), (4_000_000_000, 250_000)])
def test_what_is_taken_and_renewed_is_so_by_the_clock_of_redis(
    now: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "time", lambda: pytest.fail("the host's clock was asked"))
    redis: Any = Redis(now)
    held: Any = {"a": Message("1"), "b": Message("2")}
    leases.take(redis, "unacked", held)
    assert redis.index == dict.fromkeys("ab", now[0] + 0.25)
    assert json.loads(redis.held["a"]) == [{"headers": {"id": "1"}}, "e", "queue"]
    redis.now = (now[0] + 7, 0)
    leases.renew(redis, "unacked", held)
    assert redis.index == dict.fromkeys("ab", now[0] + 7.0)
    assert redis.sent == 2, "it is not sent again each second"


def test_a_redis_that_was_wiped_is_told_all_of_it_anew() -> None:
    redis: Any = Redis((5, 0))
    held: Any = {"a": Message("1"), "b": Message("2")}
    leases.take(redis, "unacked", held)
    before = dict(redis.held)
    redis.index.clear()
    redis.held.clear()
    leases.renew(redis, "unacked", held)
    assert redis.held == before
    assert redis.index.keys() == {"a", "b"}
