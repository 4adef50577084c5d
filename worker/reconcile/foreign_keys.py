"""What another program has put in the place of a queue, or of what else is kept in Redis.

Redis refuses all that is to be done with a key of another type: one such key would hold every
worker and the reconciler until a person finds it. Nobody's message stands there, so it goes.
"""

from __future__ import annotations

from functools import partial

import structlog
from redis import Redis
from redis.client import Pipeline

from tasks.redis_address import RedisAddress
from tasks.redis_client import client
from tasks.redis_faults import redis_errors
from worker.heartbeat.keys import REGISTER
from worker.reconcile.queues import LISTS, QUEUES

log = structlog.get_logger()

TYPES: dict[str, bytes] = {
    **dict.fromkeys(LISTS, b"list"),
    **dict.fromkeys((f"_kombu.binding.{name}" for name in QUEUES), b"set"),
    REGISTER: b"set",
    "unacked": b"hash",
    "unacked_index": b"zset",
}


def clear(address: RedisAddress) -> list[str]:
    """Remove what is of another type than it must be, and say so; the names of those keys.

    Raises as everything that asks Redis: :mod:`tasks.redis_faults`.
    """
    with (
        redis_errors(address),
        client(address, socket_connect_timeout=3, socket_timeout=5) as redis,
    ):
        with redis.pipeline(transaction=False) as questions:
            for key in TYPES:
                questions.type(key)
            kinds: list[bytes] = questions.execute()
        wrong = [key for key, kind in zip(TYPES, kinds, strict=True) if _is_wrong(key, kind)]
        for key in wrong:
            _remove(redis, key)
    return wrong


def _is_wrong(key: str, kind: object) -> bool:
    return kind not in (b"none", TYPES[key])


def _remove(redis: Redis, key: str) -> None:
    """Unless it has become what it must be since it was looked at."""
    log.error("redis.foreign_key", key=key, why="another program wrote it; it is removed")
    redis.transaction(partial(_removed, key), key)


def _removed(key: str, pipe: Pipeline) -> None:
    kind = pipe.type(key)
    pipe.multi()
    if _is_wrong(key, kind):
        pipe.unlink(key)
