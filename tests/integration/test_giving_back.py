"""What workers held is given back in Redis, whatever it is, or is left; nobody tries for ever."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from redis import Redis

from tasks.broker import connect
from tasks.names import QueueNames
from tasks.redis_address import parse
from tasks.unchanged import TRIES, unchanged
from tests.integration.own_redis import redis
from tests.redis_servers import Server
from worker.reconcile.leases import Held
from worker.reconcile.queues import Queues

__all__ = ["redis"]

NAMES = QueueNames()
MESSAGE: dict[str, Any] = {"headers": {}, "properties": {"delivery_info": {}}}
GiveBack = Callable[[Server, list[bytes]], None]


def by_the_reconciler(server: Server, tags: list[bytes]) -> None:
    queues = Queues(parse(f"unix://{server.socket}"), NAMES)
    queues.give_back([Held(tag, None, 0.0) for tag in tags])


def by_a_worker(server: Server, tags: list[bytes]) -> None:
    app = connect(f"unix://{server.socket}", names=NAMES)
    with app.connection_for_read() as connection, connection.channel() as channel:
        for tag in tags:
            channel.qos.restore_by_tag(tag)


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """It cuts the connection of who sends more than a megabyte at once, as the least it can."""
    running = Server(tmp_path / "redis", "proto-max-bulk-len 1mb")
    yield running
    running.kill()


def hold(redis: Redis, **content: str) -> None:
    for tag, text in content.items():
        held = json.dumps([MESSAGE | {"x": text}, "", NAMES.shared], ensure_ascii=False)
        redis.hset(NAMES.unacked, tag, held)
        redis.zadd(f"{NAMES.unacked}_index", {tag: 0})


@pytest.mark.parametrize("give_back", [by_the_reconciler, by_a_worker])
def test_whose_connection_is_cut_each_time_leaves_it_and_gives_back_what_is_behind(
    server: Server, redis: Redis, give_back: GiveBack
) -> None:
    """Red before: the worker and the reconciler did that again for ever, and nothing else."""
    hold(redis, grows="ä" * 200_000, fine="x")
    give_back(server, [b"grows", b"fine"])
    assert redis.hkeys(NAMES.unacked) == [b"grows"]
    (given,) = redis.lrange(NAMES.shared, 0, -1)
    assert json.loads(given)["x"] == "x"


def test_what_others_change_each_time_is_left(redis: Redis) -> None:
    asked = []

    def ask(pipe: Any) -> None:
        asked.append(redis.incr("key"))
        pipe.multi()
        pipe.unlink("key")

    assert unchanged(redis, "key", ask) == []
    assert asked == [*range(1, TRIES + 1)]
    assert unchanged(redis, "another", ask) == [1]


@pytest.mark.parametrize("give_back", [by_the_reconciler, by_a_worker])
def test_what_came_out_of_no_queue_of_ours_goes(
    server: Server, redis: Redis, give_back: GiveBack
) -> None:
    """Red before for a worker: it wrote whatever key was named there."""
    held = json.dumps([MESSAGE, "", "another"])
    redis.hset(NAMES.unacked, "a", held)
    redis.zadd(f"{NAMES.unacked}_index", {"a": 0})
    give_back(server, [b"a"])
    assert redis.dbsize() == 0
