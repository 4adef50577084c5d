"""What stands in the queues and what workers hold, read from Redis as Celery keeps it there."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from redis.exceptions import ResponseError

from tasks.names import DEFAULT_QUEUE, ENRICH_QUEUE, INTAKE_QUEUE
from tasks.redis_address import RedisAddress
from tasks.redis_client import client
from tasks.redis_faults import redis_errors

#: Messages of a queue that are looked through for one: beyond, some megabytes would be read.
LOOKED_THROUGH = 1000
QUEUES = (INTAKE_QUEUE, ENRICH_QUEUE, DEFAULT_QUEUE)


@dataclass(frozen=True, slots=True)
class Message:
    """The task's name and its positional arguments."""

    task: str
    args: tuple[Any, ...]


class Queues:
    """A read-only view.

    Raises ``ServiceUnavailable`` where Redis does not answer, ``UsageError`` where the address,
    the password or a right is wrong.
    """

    def __init__(self, address: RedisAddress) -> None:
        self._address = address
        self._redis = client(address, socket_connect_timeout=3, socket_timeout=5)

    def lengths(self) -> dict[str, int]:
        """Waiting messages by queue."""
        with redis_errors(self._address):
            return {name: int(self._redis.llen(name)) for name in QUEUES}

    def holds(self, task: str) -> bool:
        """Whether a message of that task's id waits, or is held by a worker.

        Where very many wait it counts as one of them: to look through all would take long.
        """
        if any(length > LOOKED_THROUGH for length in self.lengths().values()):
            return True
        with (
            redis_errors(self._address),
            self._redis.pipeline(transaction=False) as questions,
        ):
            for name in QUEUES:
                questions.lrange(name, 0, -1)
            questions.hvals("unacked")
            answers: list[list[bytes]] = questions.execute()
        return any(task.encode() in message for messages in answers for message in messages)

    def uptime(self) -> float | None:
        """Seconds since the server's start; None where this user may not ask."""
        with redis_errors(self._address):
            try:
                answer: Any = self._redis.info("server")
            except ResponseError:
                return None
        return float(answer.get("uptime_in_seconds", 0))

    def waiting(self, queue: str) -> list[Message]:
        """Every message that waits in a queue. Ask only when it is short."""
        with redis_errors(self._address):
            raw: list[bytes] = self._redis.lrange(queue, 0, -1)  # type: ignore[assignment]
        return list(_decoded(raw))

    def look(self, since: float) -> tuple[dict[str, int], list[Message]]:
        """Waiting messages by queue; and the messages, whole, that a worker holds.

        Held ones are those that were taken after ``since`` (epoch seconds) and are not finished.
        Where there are none, this is one question to Redis.
        """
        with redis_errors(self._address):
            with self._redis.pipeline(transaction=False) as questions:
                for name in QUEUES:
                    questions.llen(name)
                questions.zrangebyscore("unacked_index", since, "+inf")
                *lengths, tags = questions.execute()
            raw: Any = self._redis.hmget("unacked", tags) if tags else []
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
        except (ValueError, KeyError, TypeError, IndexError, RecursionError):
            continue
