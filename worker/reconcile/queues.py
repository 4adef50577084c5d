"""What stands in the queues and what workers hold, read from Redis as Celery keeps it there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import chain, product
from typing import Any

from redis.exceptions import ConnectionError as Cut
from redis.exceptions import ResponseError

from tasks.give_back import give_back
from tasks.names import (
    DEFAULT_QUEUE,
    ENRICH_QUEUE,
    INTAKE_QUEUE,
    OLD_UNACKED,
    PRIORITIES,
    QueueNames,
)
from tasks.piecemeal import piecemeal
from tasks.redis_address import RedisAddress
from tasks.redis_client import client
from tasks.redis_faults import is_wrong_type, redis_errors
from worker.reconcile import foreign_keys
from worker.reconcile.leases import Held
from worker.reconcile.message import OF_BATCH, OF_DOCUMENTS, Message, all_decoded, decoded
from worker.reconcile.older import Older
from worker.reconcile.redis_keys import lists_of

#: Messages of a queue that are looked through for one: beyond, some megabytes would be read.
LOOKED_THROUGH = 1000

#: What the messages are told by that wait for somebody.
KINDS = (INTAKE_QUEUE, ENRICH_QUEUE, DEFAULT_QUEUE)


@dataclass(frozen=True, slots=True)
class Look:
    """Waiting messages by kind, and what workers hold; ``moment``: Redis's own time, in seconds.

    ``behind``: so many of those for intake stand where batches do that had their turn.
    """

    lengths: dict[str, int]
    held: list[Held]
    moment: float
    behind: int = 0

    @property
    def messages(self) -> list[Message]:
        """What workers hold, as far as it is ours."""
        return [each.message for each in self.held if each.message]


class Queues:
    """A view; nothing is changed but by what gives back, or removes.

    Raises ``ServiceUnavailable`` where Redis does not answer, ``UsageError`` where the address,
    the password or a right is wrong.
    """

    def __init__(
        self,
        address: RedisAddress,
        names: QueueNames | None = None,
        sites: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        """``sites`` tells which ones there are, as far as anybody knows."""
        self._address = address
        self._names = names or QueueNames()
        self._sites = sites
        self._lists = lists_of(self._names)
        self._redis = client(address, socket_connect_timeout=3, socket_timeout=5)
        self._older = Older()

    def lengths(self) -> dict[str, int]:
        """Waiting messages by kind, whatever their queue and priority."""
        with redis_errors(self._address), self._redis.pipeline(transaction=False) as questions:
            for name in self._lists:
                questions.llen(name)
            return self._by_kind(questions.execute())

    def holds(self, task: str) -> bool:
        """Whether a message of that task's id waits, or is held by a worker.

        Where very many wait it counts as one of them, and where they are too long to be read at
        once: to look through all would take long.
        """
        if any(length > LOOKED_THROUGH for length in self.lengths().values()):
            return True
        with redis_errors(self._address):
            try:
                return self._stands_there(task.encode())
            except Cut:
                return bool(self._redis.ping())  # where it is away that raises

    def _stands_there(self, task: bytes) -> bool:
        with self._redis.pipeline(transaction=False) as questions:
            for name in self._lists:
                questions.lrange(name, 0, -1)
            questions.hvals(self._names.unacked)
            questions.hvals(OLD_UNACKED)
            answers = _of_their_type(questions.execute(raise_on_error=False))
        lists = chain(answers, self._of_other_sites())  # asked only where it is not found here
        return any(task in message for messages in lists for message in messages)

    def _of_other_sites(self) -> Iterator[list[bytes]]:
        """What waits for the intake of other sites: a message of files may have been sent on."""
        for site, ending in product(self._sites(), PRIORITIES):
            # Another program's key may stand there: no worker of that site removes it.
            with suppress(ResponseError):
                part: Any = self._redis.lrange(self._names.of(site) + ending, 0, LOOKED_THROUGH)
                yield part

    def uptime(self) -> float | None:
        """Seconds since the server's start; None where this user may not ask."""
        with redis_errors(self._address):
            try:
                answer: Any = self._redis.info("server")
            except ResponseError:
                return None
        return float(answer.get("uptime_in_seconds", 0))

    def memory(self) -> tuple[int, int]:
        """Bytes that Redis keeps, and may keep at most; 0 where there is no limit, or none told."""
        with redis_errors(self._address):
            try:
                answer: Any = self._redis.info("memory")
            except ResponseError:
                return 0, 0
        return int(answer.get("used_memory", 0)), int(answer.get("maxmemory", 0))

    def waiting(self, kind: str, most: int) -> list[Message]:
        """The messages of a kind that wait, of each list the ``most`` that came last."""
        names = [name for name, of in self._lists.items() if of == kind]
        longest = OF_BATCH if kind == INTAKE_QUEUE else OF_DOCUMENTS
        with redis_errors(self._address):
            try:
                with self._redis.pipeline(transaction=False) as questions:
                    for name in names:
                        questions.lrange(name, 0, most - 1)
                    return list(all_decoded(chain(*questions.execute()), longest))
            except Cut:
                ask = partial(self._messages, longest=longest)
                parts = [piecemeal(partial(ask, name), most) for name in names]
                return [message for message in chain(*parts) if message]

    def _messages(self, name: str, first: int, last: int, longest: int) -> list[Message | None]:
        raw: Any = self._redis.lrange(name, first, last)
        return [decoded(content, longest) for content in raw]

    def look(self) -> Look:
        """What waits, and what workers hold. Where that is nothing, one question.

        Of what they hold that which was renewed longest ago, as far as it is looked through: no
        workers hold as much, and what is void is given back first.
        """
        unacked, standing = self._names.unacked, list[Any]()

        def ask(first: int, last: int) -> list[tuple[bytes, float]]:
            with self._redis.pipeline(transaction=False) as questions:
                for name in self._lists:
                    questions.llen(name)
                questions.time()
                questions.zrange(f"{unacked}_index", first, last, withscores=True)
                *standing[:], taken = questions.execute()
            return list(taken)

        def speak(first: int, last: int) -> list[Message | None]:
            found: Any = self._redis.hmget(unacked, tags[first : last + 1])
            return [decoded(content) for content in found]

        with redis_errors(self._address):
            taken = piecemeal(ask, LOOKED_THROUGH)
            tags = [tag for tag, _ in taken]
            messages = piecemeal(speak, len(tags)) if tags else []
        *lengths, (seconds, microseconds) = standing
        now = seconds + microseconds / 1e6
        held = [
            Held(tag, message, now - renewed)
            for (tag, renewed), message in zip(taken, messages, strict=True)
        ]
        return Look(self._by_kind(lengths), held, now, self._behind(lengths))

    def remove_foreign(self) -> None:
        """Remove what another program has put in the place of any of this."""
        foreign_keys.clear(self._address, self._names)

    def give_back(self, held: Sequence[Held]) -> None:
        """Give messages back to where they were taken from; what is none goes."""
        with redis_errors(self._address):
            tags = [each.tag for each in held]
            give_back(self._redis, self._names.unacked, tags, self._names.is_queue, in_vain=True)

    def give_back_older(self, now: float, lease: float) -> None:
        """Give back what a worker of 0.1.0 holds for longer than ``lease`` seconds."""
        with redis_errors(self._address):
            self._older.give_back(self._redis, now, lease)

    def _behind(self, lengths: Sequence[Any]) -> int:
        told = zip(self._lists.items(), lengths, strict=True)
        return sum(
            int(length)
            for (name, kind), length in told
            if kind == INTAKE_QUEUE and name.endswith(PRIORITIES[-1])
        )

    def _by_kind(self, lengths: Sequence[Any]) -> dict[str, int]:
        waiting = dict.fromkeys(KINDS, 0)
        for kind, length in zip(self._lists.values(), lengths, strict=True):
            waiting[kind] += int(length)
        return waiting


def _of_their_type(answers: Sequence[Any]) -> list[list[bytes]]:
    """Without those of keys of another program's: no message of ours is in them."""
    for answer in answers:
        if isinstance(answer, ResponseError) and not is_wrong_type(answer):
            raise answer
    return [answer for answer in answers if isinstance(answer, list)]
