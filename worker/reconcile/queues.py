"""What stands in the queues and what workers hold, read from Redis as Celery keeps it there."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import redis

from articles.errors import ServiceUnavailable
from tasks.names import DEFAULT_QUEUE, ENRICH_QUEUE, INTAKE_QUEUE

#: Messages of a queue that are looked through for one: beyond, some megabytes would be read.
LOOKED_THROUGH = 1000
QUEUES = (INTAKE_QUEUE, ENRICH_QUEUE, DEFAULT_QUEUE)


@dataclass(frozen=True, slots=True)
class Message:
    """The task's name and its positional arguments."""

    task: str
    args: tuple[Any, ...]


class Queues:
    """A read-only view. Raises ``ServiceUnavailable`` where Redis does not answer."""

    def __init__(self, url: str) -> None:
        self._redis = redis.Redis.from_url(url, socket_connect_timeout=3, socket_timeout=5)

    def lengths(self) -> dict[str, int]:
        """Waiting messages by queue."""
        try:
            return {name: int(self._redis.llen(name)) for name in QUEUES}
        except redis.RedisError as error:
            raise _away(error) from error

    def holds(self, task: str) -> bool:
        """Whether a message of that task's id waits, or is held by a worker.

        Where very many wait it counts as one of them: to look through all would take long.
        """
        try:
            if any(length > LOOKED_THROUGH for length in self.lengths().values()):
                return True
            with self._redis.pipeline(transaction=False) as questions:
                for name in QUEUES:
                    questions.lrange(name, 0, -1)
                questions.hvals("unacked")
                answers: list[list[bytes]] = questions.execute()
        except redis.RedisError as error:
            raise _away(error) from error
        return any(task.encode() in message for messages in answers for message in messages)

    def uptime(self) -> float | None:
        """Seconds since the server's start; None where this user may not ask."""
        try:
            answer: Any = self._redis.info("server")
        except redis.ResponseError:
            return None
        except redis.RedisError as error:
            raise _away(error) from error
        return float(answer.get("uptime_in_seconds", 0))

    def waiting(self, queue: str) -> list[Message]:
        """Every message that waits in a queue. Ask only when it is short."""
        try:
            raw: list[bytes] = self._redis.lrange(queue, 0, -1)  # type: ignore[assignment]
        except redis.RedisError as error:
            raise _away(error) from error
        return list(_decoded(raw))

    def look(self, since: float) -> tuple[dict[str, int], list[Message]]:
        """Waiting messages by queue; and the messages, whole, that a worker holds.

        Held ones are those that were taken after ``since`` (epoch seconds) and are not finished.
        Where there are none, this is one question to Redis.
        """
        try:
            with self._redis.pipeline(transaction=False) as questions:
                for name in QUEUES:
                    questions.llen(name)
                questions.zrangebyscore("unacked_index", since, "+inf")
                *lengths, tags = questions.execute()
            raw: Any = self._redis.hmget("unacked", tags) if tags else []
        except redis.RedisError as error:
            raise _away(error) from error
        waiting = dict(zip(QUEUES, map(int, lengths), strict=True))
        return waiting, list(_decoded([content for content in raw if content]))


def _decoded(raw: list[bytes]) -> Iterator[Message]:
    """Messages that are ours and whole; others are not for us to judge."""
    for content in raw:
        try:
            decoded = json.loads(content)
            # What a worker holds is the first of a list.
            message = decoded[0] if isinstance(decoded, list) else decoded
            args = json.loads(base64.b64decode(message["body"]))[0]
            yield Message(str(message["headers"]["task"]), tuple(args))
        except (ValueError, KeyError, TypeError, IndexError):
            continue


def _away(error: Exception) -> ServiceUnavailable:
    return ServiceUnavailable(f"Redis does not answer: {error}")
