"""Results of tasks: kept at the address of the messages, and quiet when the program ends."""

from __future__ import annotations

import sys
from contextlib import suppress
from typing import Any

from celery import states
from celery.backends.redis import RedisBackend
from celery.exceptions import TimeoutError as NoResult
from celery.result import AsyncResult
from redis import ConnectionPool
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError
from redis.retry import Retry

from tasks import redis_client
from tasks.reconnect import address_of

#: Bytes of a result above which it is kept for so many seconds, and not for a day: an answer may
#: have twenty times the bytes of its message, and what waits in Redis is to have room.
LONG, LONG_SECONDS = 4096, 600
#: What Celery has for a task of which nothing is known.
_NONE = {"status": states.PENDING, "result": None}


class QuietResult(AsyncResult):  # type: ignore[misc]  # celery ships no types
    """A result that asks Redis for nothing any more when the program ends.

    Celery's unsubscribes when it is deleted, and may find the interpreter half gone by then.
    """

    def __del__(self) -> None:
        if not sys.is_finalizing():
            with suppress(Exception):  # nobody could catch it: Redis has gone before us
                super().__del__()


class Subscriptions(RedisBackend.ResultConsumer):  # type: ignore[misc]
    """What waits for results; a result that is let go makes no new connection.

    Celery's would look for a Redis that is away, twenty seconds long, whenever one is deleted.
    """

    def cancel_for(self, task_id: str) -> None:
        """Take no more messages of a task; a lost connection has forgotten it by itself."""
        key = self._get_key_for_task(task_id)
        self.subscribed_to.discard(key)
        connection = self._pubsub.connection if self._pubsub else None
        if connection is None or not connection.is_connected:
            return
        patient, connection.retry = connection.retry, Retry(NoBackoff(), 0)
        with suppress(RedisError, OSError):
            self._pubsub.unsubscribe(key)
        connection.retry = patient


class Results(RedisBackend):  # type: ignore[misc]
    """Celery's results in Redis, wherever and by whatever it is reached."""

    ResultConsumer = Subscriptions

    def _get_pool(self, **options: Any) -> ConnectionPool:
        return redis_client.pool(address_of(self.app), **options)

    def get(self, key: str | bytes) -> Any:
        """What stands there; nothing, where it is of a type that no result has."""
        try:
            return super().get(key)
        except ResponseError as error:
            if not str(error).startswith("WRONGTYPE"):
                raise
            return None

    def _set(self, key: str | bytes, value: str | bytes) -> None:
        """Keep it, and tell who waits for it; a long one not for long."""
        seconds = LONG_SECONDS if len(value) > LONG else self.expires
        with self.client.pipeline() as steps:
            steps.set(key, value, ex=seconds)
            steps.publish(key, value)
            steps.execute()

    def decode_result(self, payload: Any) -> dict[str, Any]:
        """A task's state and result; what is none counts as none, and gives way to a worker's.

        Another program wrote it. Otherwise it would end, in whatever way, who waits for the result,
        or the worker that is to write it.
        """
        try:
            meta = super().decode_result(payload)
            whole = meta["status"] in states.ALL_STATES and isinstance(meta["task_id"], str)
            return {**meta, "children": None} if whole else dict(_NONE)
        except Exception:  # noqa: BLE001 -- whatever Celery and kombu make of it
            return dict(_NONE)

    def exception_to_python(self, exc: Any) -> Any:
        """The error that a result tells of: never one that ends the program which asks for it.

        Nor the one that tells it to wait on.
        """
        error = super().exception_to_python(exc)
        ends = isinstance(error, BaseException) and not isinstance(error, Exception)
        ends = ends or isinstance(error, NoResult)
        return RuntimeError(f"{type(error).__name__}: {error}"[:200]) if ends else error

    def as_uri(self, include_password: bool = False) -> str:  # noqa: ARG002 -- Celery's signature
        """The address, never its password."""
        return str(address_of(self.app))
