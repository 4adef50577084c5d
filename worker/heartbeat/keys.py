"""Heartbeats in Redis: of every host that works for it.

Each process has one key, which Redis forgets after a day; how much of the day is left tells the
age of the heartbeat by Redis's own clock. A set names the keys: to look through all keys of a
Redis that holds many results would take long. Where it names too many, or is none, it is begun
anew: who lives names himself with each beat.
"""

from __future__ import annotations

import json
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Any

from articles.errors import WrongType
from tasks.names import QueueNames
from tasks.redis_address import RedisAddress
from worker.heartbeat.beat import LONGEST, Beat, Seen, decoded
from worker.heartbeat.members import MOST, members
from worker.heartbeat.older import older_workers

if TYPE_CHECKING:
    from redis import Redis

DAY = 86_400


class BeatKeys:
    """Raises ``ServiceUnavailable`` where Redis does not answer, or takes nothing.

    And ``UsageError`` where its address, the password or a right is wrong. ``register`` is the name
    of the set, and how those of the keys begin.
    """

    def __init__(self, address: RedisAddress, register: str = QueueNames().alive) -> None:
        self._address = address
        self._register = register

    @cached_property
    def _redis(self) -> Redis:
        from tasks.redis_client import client

        return client(self._address, socket_connect_timeout=2, socket_timeout=2)

    def write(self, beat: Beat) -> None:
        """Say it."""
        key = self._key(beat)
        with self._redis.pipeline(transaction=False) as steps:
            steps.set(key, json.dumps(beat.as_json()), ex=DAY)
            steps.sadd(self._register, key)
            steps.expire(self._register, DAY)
            steps.scard(self._register)
            try:
                *_, known = self._done(steps)
            except WrongType:  # another program's key
                known = MOST + 1
        if known > MOST:
            self._begin_anew(key)

    def _begin_anew(self, key: str) -> None:
        with self._redis.pipeline() as steps:
            steps.unlink(self._register)
            steps.sadd(self._register, key)
            steps.expire(self._register, DAY)
            self._done(steps)

    def remove(self, beat: Beat) -> None:
        """The process ends: nobody is to wonder where it is."""
        with self._redis.pipeline(transaction=False) as steps:
            steps.delete(self._key(beat))
            steps.srem(self._register, self._key(beat))
            self._done(steps)

    def read(self) -> list[Seen]:
        """Every heartbeat that is there, with its age; of too many names none is looked at."""
        with self._redis.pipeline(transaction=False) as steps:
            for key in self._keys():
                steps.getrange(key, 0, LONGEST)
                steps.pttl(key)
            answers = self._done(steps, partly=True)
        pairs = zip(answers[::2], answers[1::2], strict=True)
        return [seen for content, left in pairs if (seen := _seen(content, left))]

    def named(self) -> int:
        """How many names stand in the set: where they are more than ``MOST``, others wrote them."""
        with self._redis.pipeline(transaction=False) as steps:
            steps.scard(self._register)
            (known,) = self._done(steps)
        return int(known)

    def _keys(self) -> list[bytes]:
        from tasks.redis_faults import redis_errors

        ours = f"{self._register}:".encode()
        names = set[bytes]()
        with suppress(WrongType), redis_errors(self._address):  # until the next beat
            names = members(self._redis, self._register)
        return [name for name in names if name.startswith(ours)]

    def older(self) -> list[str]:
        """Workers of 0.1.0 on this Redis, of whatever index: they do not say."""
        from tasks.redis_faults import redis_errors

        with redis_errors(self._address):
            return older_workers(self._redis)

    def _key(self, beat: Beat) -> str:
        return f"{self._register}:{beat.process}:{beat.host}:{beat.pid}"

    def _done(self, steps: Any, *, partly: bool = False) -> list[Any]:
        """``partly``: what a key of another type answers is an error among the answers."""
        from tasks.redis_faults import redis_errors

        with redis_errors(self._address):
            answers: list[Any] = steps.execute(raise_on_error=not partly)
        return answers


def _seen(content: object, left: object) -> Seen | None:
    """Where more than a day is left Redis's clock was set back; that is no young one either."""
    if not isinstance(content, bytes) or not isinstance(left, int):  # another program's key
        return None
    whole = decoded(content)
    return Seen(whole[0], abs(DAY - left / 1000)) if whole else None
