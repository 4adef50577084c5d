"""What another program has put in the place of a queue, or of what else is kept in Redis.

Redis refuses all that is to be done with a key of another type: one such key would hold every
worker and the reconciler until a person finds it. Nobody's message stands there, so it goes.
"""

from __future__ import annotations

from functools import partial

from redis import Redis
from redis.client import Pipeline

from tasks.names import QueueNames
from tasks.redis_address import RedisAddress
from tasks.redis_client import client
from tasks.redis_faults import redis_errors
from tasks.unchanged import unchanged
from worker.reconcile.redis_keys import types_of


def clear(address: RedisAddress, names: QueueNames) -> list[str]:
    """Remove what is of another type than it must be, and say so; the names of those keys.

    Raises as everything that asks Redis: :mod:`tasks.redis_faults`.
    """
    types = types_of(names)
    with (
        redis_errors(address),
        client(address, socket_connect_timeout=3, socket_timeout=5) as redis,
    ):
        with redis.pipeline(transaction=False) as questions:
            for key in types:
                questions.type(key)
            kinds: list[bytes] = questions.execute()
        found = zip(types.items(), kinds, strict=True)
        wrong = [key for (key, wanted), kind in found if kind not in (b"none", wanted)]
        for key in wrong:
            _remove(redis, key, types[key])
    return wrong


def _remove(redis: Redis, key: str, wanted: bytes) -> None:
    """Unless it has become what it must be since it was looked at."""
    import structlog  # here, for `status` does without

    why = "another program wrote it; it is removed"
    structlog.get_logger().error("redis.foreign_key", key=key, why=why)
    unchanged(redis, key, partial(_removed, key, wanted))


def _removed(key: str, wanted: bytes, pipe: Pipeline) -> None:
    kind = pipe.type(key)
    pipe.multi()
    if kind not in (b"none", wanted):
        pipe.unlink(key)
