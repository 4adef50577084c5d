"""Keys of other types in the place of Depesche's, where no worker is there to remove them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from redis import Redis

from articles.errors import WrongType
from tasks.names import ENRICH_QUEUE, OLD_UNACKED, QueueNames
from tasks.redis_address import parse
from tests.integration.own_redis import redis, server
from tests.redis_servers import Server
from worker.reconcile.queues import Queues
from worker.reconcile.reconcile import Reconciler
from worker.reconcile.redis_keys import types_of

__all__ = ["redis", "server"]

NAMES = QueueNames()


@pytest.fixture
def queues(server: Server) -> Queues:
    return Queues(parse(f"unix://{server.socket}"), NAMES)


@pytest.mark.parametrize("key", [NAMES.own, ENRICH_QUEUE, f"{NAMES.unacked}_index"])
def test_the_reconciler_removes_what_it_meets(redis: Redis, queues: Queues, key: str) -> None:
    """Red before: it waited until a worker that takes that queue had met it, for ever without."""
    redis.set(key, "x")
    none: Any = None  # it looks at Redis alone here
    sizes: dict[str, Any] = {"enrich_batch": 1, "enrich_queue": 1, "lease_seconds": 45.0}
    reconciler = Reconciler(none, queues, none, "articles", none, none, **sizes)
    with pytest.raises(WrongType, match=r"refuses what it is asked: .*WRONGTYPE"):
        reconciler._look()
    assert redis.type(key) == b"none"
    assert not any(reconciler._look().lengths.values())


def test_a_message_is_looked_for_in_what_is_of_its_type(redis: Redis, queues: Queues) -> None:
    """Red before: who waits for a result was told an error for as long as such a key stood there.

    What older releases kept no worker of today looks at, and so removes.
    """
    redis.set(OLD_UNACKED, "x")
    assert not queues.holds("eins")
    redis.lpush(NAMES.own, '{"headers": {"id": "eins"}}')
    assert queues.holds("eins")


def test_what_is_of_its_own_type_stays(redis: Redis, queues: Queues) -> None:
    write: dict[bytes, Callable[[str], object]] = {
        b"list": lambda key: redis.rpush(key, "x"),
        b"set": lambda key: redis.sadd(key, "x"),
        b"hash": lambda key: redis.hset(key, "x", "x"),
        b"zset": lambda key: redis.zadd(key, {"x": 1}),
    }
    types = types_of(NAMES)
    for key, kind in types.items():
        write[kind](key)
    queues.remove_foreign()
    assert {key: redis.type(key) for key in types} == types
