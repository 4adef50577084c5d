"""What is more than Redis says to all at once has the connection of who asks cut; nobody stands."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from tasks import results
from tasks.broker import connect
from tasks.names import INTAKE_BATCH, INTAKE_QUEUE, OLD_UNACKED, QueueNames
from tasks.redis_address import RedisAddress, parse
from tests.integration.own_redis import redis
from tests.redis_servers import Server
from worker.care.status import full
from worker.heartbeat.beat import Beat
from worker.heartbeat.keys import BeatKeys
from worker.reconcile.message import Message
from worker.reconcile.older import Older
from worker.reconcile.queues import Queues
from worker.services.redis_users import limits

__all__ = ["redis"]

NAMES = QueueNames()
MEBIBYTE = 2**20
#: Each is less than may be said at once, and all are more.
LONG = [f"{number}".ljust(7 * MEBIBYTE, "x") for number in range(5)]
BODY = base64.b64encode(json.dumps([["b1"], {}, {}]).encode()).decode()
WHOLE = {"body": BODY, "headers": {"task": INTAKE_BATCH}, "properties": {"delivery_info": {}}}
SPEAKS = Message(INTAKE_BATCH, ("b1",))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    lines = (f"{name} {value}" for name, value in limits(64 * MEBIBYTE).items())
    running = Server(tmp_path / "redis", *lines)
    yield running
    running.kill()


@pytest.fixture
def address(server: Server) -> RedisAddress:
    return parse(f"unix://{server.socket}")


def test_what_is_held_is_looked_at_one_by_one(redis: Redis, address: RedisAddress) -> None:
    """Red before: nothing was given back any more, for that could not be read."""
    for tag, content in enumerate([*LONG, json.dumps([WHOLE, "", NAMES.shared])]):
        redis.hset(NAMES.unacked, f"t{tag}", content)
        redis.zadd(f"{NAMES.unacked}_index", {f"t{tag}": 10**10})
    queues = Queues(address, NAMES)
    look = queues.look()
    assert (len(look.held), look.messages) == (6, [SPEAKS])
    assert queues.holds("eins")
    queues.give_back(look.held)
    assert not redis.exists(NAMES.unacked, f"{NAMES.unacked}_index")
    assert queues.waiting(INTAKE_QUEUE, 8) == [SPEAKS]


def test_so_are_the_names_of_what_is_held(redis: Redis, address: RedisAddress) -> None:
    for name in LONG:
        redis.zadd(f"{NAMES.unacked}_index", {name: 1})
    queues = Queues(address, NAMES)
    queues.give_back(queues.look().held)
    assert redis.dbsize() == 0


def test_a_worker_does_so_too(redis: Redis, address: RedisAddress) -> None:
    """Red before: it connected anew every five seconds."""
    for name in LONG:
        redis.zadd(f"{NAMES.unacked}_index", {name: 1})
    app = connect(address, names=NAMES)
    with app.connection_for_read() as connection, connection.channel() as channel:
        channel.qos._since = float("-inf")
        channel.qos.restore_visible()
    assert redis.dbsize() == 0


def test_and_what_older_workers_held(redis: Redis) -> None:
    for name in LONG:
        redis.zadd(f"{OLD_UNACKED}_index", {name: 1})
    older = Older()
    older.give_back(redis, 0.0, 45.0)
    older.give_back(redis, 100.0, 45.0)
    assert redis.dbsize() == 0


def test_what_waits_is_read_one_by_one(redis: Redis, address: RedisAddress) -> None:
    redis.lpush(NAMES.shared, *LONG[:2], json.dumps(WHOLE))
    redis.lpush(NAMES.own, *LONG[2:])
    assert Queues(address, NAMES).waiting(INTAKE_QUEUE, 8) == [SPEAKS]


def test_a_register_of_long_names_is_begun_anew(redis: Redis, address: RedisAddress) -> None:
    """Red before: `status` did not know Redis any more."""
    for name in LONG:
        redis.sadd(NAMES.alive, f"{NAMES.alive}:{name}")
    beats, ours = BeatKeys(address, NAMES.alive), Beat("watch", "hamburg", 7)
    assert beats.read() == []
    beats.write(ours)
    assert [seen.beat for seen in beats.read()] == [ours]
    assert redis.scard(NAMES.alive) == 1


def test_a_long_answer_is_kept_for_minutes_and_a_short_one_for_a_day(
    redis: Redis, address: RedisAddress
) -> None:
    """Red before: 25 MB of paths that are none filled Redis, for a day, when all were worked."""
    app = connect(address, names=NAMES)
    for id_, length in (("short", results.LONG // 2), ("long", results.LONG)):
        app.backend.store_result(id_, "x" * length, "SUCCESS")
        assert app.AsyncResult(id_).get(timeout=30) == "x" * length
    app.close()
    kept = [redis.ttl(f"celery-task-meta-{id_}") for id_ in ("short", "long")]
    assert kept[0] > 86_000
    assert 0 < kept[1] <= results.LONG_SECONDS


def test_status_says_that_redis_is_nearly_full(redis: Redis, address: RedisAddress) -> None:
    queues = Queues(address, NAMES)
    assert full(*queues.memory()) == []
    for number in range(58):
        redis.set(f"k{number}", "x" * MEBIBYTE)
    (note,) = full(*queues.memory())
    assert note.wrong
    assert " of the 67,108,864 that it may" in note.text
