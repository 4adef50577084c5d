"""What stands in the queues and what workers hold, read from Redis as Celery keeps it there."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from redis.exceptions import ResponseError

from tasks.envelope import check_size
from tasks.names import DEFAULT_QUEUE, ENRICH_QUEUE, INTAKE_QUEUE, OLD_UNACKED, QueueNames
from tasks.redis_address import RedisAddress
from tasks.redis_client import client
from tasks.redis_faults import redis_errors
from worker.reconcile import older

#: Messages of a queue that are looked through for one: beyond, some megabytes would be read.
LOOKED_THROUGH = 1000
#: Celery keeps a list for each of these priorities; the first is that of nearly all messages.
PRIORITIES = ("", *(f"\x06\x16{step}" for step in (3, 6, 9)))
#: Seconds that the clock of a worker may be ahead of ours.
AHEAD = 300.0


#: What the messages are told by that wait for somebody.
KINDS = (INTAKE_QUEUE, ENRICH_QUEUE, DEFAULT_QUEUE)


def lists_of(names: QueueNames) -> dict[str, str]:
    """Every list in which messages may wait that a process of this site takes, and their kind."""
    return {name + ending: kind for name, kind in names.kinds.items() for ending in PRIORITIES}


@dataclass(frozen=True, slots=True)
class Message:
    """The task's name and its positional arguments."""

    task: str
    args: tuple[Any, ...]


class Queues:
    """A view; nothing is changed but by ``give_back_older``.

    Raises ``ServiceUnavailable`` where Redis does not answer, ``UsageError`` where the address,
    the password or a right is wrong.
    """

    def __init__(self, address: RedisAddress, names: QueueNames | None = None) -> None:
        self._address = address
        self._names = names or QueueNames()
        self._lists = lists_of(self._names)
        self._redis = client(address, socket_connect_timeout=3, socket_timeout=5)

    def lengths(self) -> dict[str, int]:
        """Waiting messages by kind, whatever their queue and priority."""
        with redis_errors(self._address), self._redis.pipeline(transaction=False) as questions:
            for name in self._lists:
                questions.llen(name)
            return self._by_kind(questions.execute())

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
            for name in self._lists:
                questions.lrange(name, 0, -1)
            questions.hvals(self._names.unacked)
            questions.hvals(OLD_UNACKED)
            answers: list[list[bytes]] = questions.execute()
            lists = chain(answers, self._of_other_sites())  # asked only where it is not found here
            return any(task.encode() in message for messages in lists for message in messages)

    def _of_other_sites(self) -> Iterator[list[bytes]]:
        """What waits for the intake of other sites: a message of files may have been sent on."""
        for name in self._redis.scan_iter(f"{self._names.prefix}.*.intake*", count=1000):
            part: Any = self._redis.lrange(name, 0, LOOKED_THROUGH)
            yield part

    def uptime(self) -> float | None:
        """Seconds since the server's start; None where this user may not ask."""
        with redis_errors(self._address):
            try:
                answer: Any = self._redis.info("server")
            except ResponseError:
                return None
        return float(answer.get("uptime_in_seconds", 0))

    def waiting(self, kind: str) -> list[Message]:
        """Every message of a kind that waits. Ask only when there are few."""
        with redis_errors(self._address), self._redis.pipeline(transaction=False) as questions:
            for name in (name for name, of in self._lists.items() if of == kind):
                questions.lrange(name, 0, -1)
            answers: list[list[bytes]] = questions.execute()
        return list(_decoded([raw for part in answers for raw in part]))

    def look(self, since: float) -> tuple[dict[str, int], list[Message]]:
        """Waiting messages by kind; and the messages, whole, that a worker holds.

        Held ones are those that were taken after ``since`` (epoch seconds) and are not finished;
        none that is said to be taken in the future, which would be held for ever. Where there are
        none, this is one question to Redis.
        """
        with redis_errors(self._address):
            with self._redis.pipeline(transaction=False) as questions:
                for name in self._lists:
                    questions.llen(name)
                questions.zrangebyscore(f"{self._names.unacked}_index", since, time.time() + AHEAD)
                *lengths, tags = questions.execute()
            raw: Any = self._redis.hmget(self._names.unacked, tags) if tags else []
        return self._by_kind(lengths), list(_decoded([content for content in raw if content]))

    def give_back_older(self, since: float) -> int:
        """Give back what a worker of 0.1.0 has held since before ``since``; how many messages."""
        with redis_errors(self._address):
            return older.give_back(self._redis, since)

    def _by_kind(self, lengths: Sequence[Any]) -> dict[str, int]:
        waiting = dict.fromkeys(KINDS, 0)
        for kind, length in zip(self._lists.values(), lengths, strict=True):
            waiting[kind] += int(length)
        return waiting


def _decoded(raw: list[bytes]) -> Iterator[Message]:
    """Messages that are ours and whole; others are not for us to judge."""
    for content in raw:
        try:
            check_size(content)
            decoded = json.loads(content)
            # What a worker holds is the first of a list.
            message = decoded[0] if isinstance(decoded, list) else decoded
            body = base64.b64decode(message["body"])
            check_size(body)
            args = json.loads(body)[0]
            task = message["headers"]["task"]
        except (ValueError, LookupError, TypeError, RecursionError):
            continue
        if isinstance(task, str) and isinstance(args, list):
            yield Message(task, tuple(args))
