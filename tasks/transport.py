"""The Redis transport, with differences: a message that is none is refused, aloud, and gone.

Otherwise it would end the worker that reads it and, given back as not finished, the next one. Of
any other no more comes through than ``envelope.py`` lets. And a worker takes none that it has.
"""

from __future__ import annotations

import time
from bisect import bisect
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from queue import Empty
from typing import Any

import structlog
from kombu.transport import redis, virtual
from redis import ConnectionPool, Redis
from redis.exceptions import DataError, RedisError

from tasks import envelope, leases, redis_client
from tasks.behind import Behind
from tasks.give_back import give_back
from tasks.names import BEHIND, FIRST, QueueNames
from tasks.piecemeal import piecemeal
from tasks.reconnect import ADDRESS, NAMES
from tasks.redis_address import RedisAddress

log = structlog.get_logger()

#: Messages that a worker has done, of which it knows that it has.
REMEMBERED = 1000
#: Messages that a worker gives back at once: meanwhile it takes none, and says not that it lives.
GIVEN_BACK = 100


def _is_of_redis(error: Exception) -> bool:
    """Whether it tells of Redis or the way there, and not of what was read.

    Kombu makes more of JSON than values (``__type__``), and whatever that raises is a message's
    fault, and so is what no command can be made of (``DataError``).
    """
    return isinstance(error, RedisError | OSError) and not isinstance(error, DataError)


class QoS(redis.QoS):
    """Counts a message as done with even where Redis could not be told.

    Otherwise each acknowledgement that fails takes a place from the worker for good: it asks for
    no more, so that it does not even see that its connection is gone. Redis gives the message out
    again later; where it was done, there is nothing to do for it then.
    """

    def knows(self, tag: str) -> bool:
        """Whether this worker has done that message, or has it in hand; it is told so once more.

        Redis gives out again what takes longer than the lease. Taken again it would hold the other
        processes of this worker, too, or this one once more, for as often as its lease runs out.
        """
        if tag in self._done:
            return True
        held = self._delivered.get(tag)
        if held is None or tag in self._dirty:
            return False
        self.append(held, tag)
        return True

    def append(self, message: Any, delivery_tag: str) -> None:
        """Hold it, by Redis's clock and not by this host's."""
        with self.channel.conn_or_acquire() as client:
            leases.take(client, self.unacked_key, {delivery_tag: message})
        virtual.QoS.append(self, message, delivery_tag)  # type: ignore[no-untyped-call]

    def restore_visible(self, *_: Any, **__: Any) -> None:
        """Give back what nobody has renewed for the time of a lease, some at once.

        The reconciler does that sooner; this is for where none runs. Nothing is given back right
        after a connection was made: others may not have theirs yet, and could not renew.
        """
        if time.monotonic() - self._since < leases.SETTLED_SECONDS:
            return
        patience = max(self.visibility_timeout, leases.SILENT_SECONDS)
        with self.channel.conn_or_acquire() as client:
            latest = leases.moment(client) - patience

            def ask(first: int, last: int) -> list[bytes]:
                part: dict[str, Any] = {"byscore": True, "offset": first, "num": last - first + 1}
                return list(client.zrange(self.unacked_index_key, "-inf", latest, **part))

            silent = piecemeal(ask, GIVEN_BACK)
            give_back(client, self.unacked_key, silent, self._is_ours, in_vain=True)

    def restore_by_tag(self, tag: Any, client: Any = None, leftmost: bool = False) -> None:
        """Give a message back, at the end of its queue where it is put to the left.

        So Celery does with that of a process which has ended: it counts.
        """
        with self.channel.conn_or_acquire(client) as own:
            ours, lost = self._is_ours, leftmost
            give_back(own, self.unacked_key, [tag], ours, last=leftmost, in_vain=lost)

    @property
    def _is_ours(self) -> Callable[[str], bool]:
        names: QueueNames = self.channel.connection.client.transport_options[NAMES]
        return names.is_queue

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)  # type: ignore[no-untyped-call]
        self._done: deque[str] = deque(maxlen=REMEMBERED)
        self._since = time.monotonic()

    def ack(self, delivery_tag: str) -> None:
        """Acknowledge; raises what the connection raises."""
        self._done.append(delivery_tag)
        with self._let_go(delivery_tag):
            super().ack(delivery_tag)  # type: ignore[no-untyped-call]

    def reject(self, delivery_tag: str, requeue: bool = False) -> None:
        """Give back, or throw away; raises what the connection raises.

        What could not be given back nobody renews any more: it is given out again like that of a
        worker that died.
        """
        if not requeue:
            self._done.append(delivery_tag)
        with self._let_go(delivery_tag):
            super().reject(delivery_tag, requeue)  # type: ignore[no-untyped-call]

    @contextmanager
    def _let_go(self, delivery_tag: str) -> Iterator[None]:
        """Hold it no more, though Redis could not be told inside."""
        try:
            yield
        except Exception:
            virtual.QoS.ack(self, delivery_tag)  # type: ignore[no-untyped-call]
            raise


class Channel(redis.Channel):
    """Connects to the address of Depesche's own, and outlives bytes that are no JSON.

    ``Transport`` lets no other ``ValueError`` through.
    """

    QoS = QoS

    def __init__(self, *args: Any, **options: Any) -> None:
        self._behind = Behind()  # first: kombu asks for a client at once
        super().__init__(*args, **options)  # type: ignore[no-untyped-call]

    @property
    def _address(self) -> RedisAddress:
        address: RedisAddress = self.connection.client.transport_options[ADDRESS]
        return address

    def _connparams(self, asynchronous: bool = False) -> dict[str, Any]:
        """Kombu's options, with the address: its own reading of one knows two kinds of it."""
        made_of: Any = redis_client.connection_class(self._address)
        self.connection_class = made_of
        options = super()._connparams(asynchronous)  # type: ignore[no-untyped-call]
        return redis_client.parameters(self._address, **options)

    def _get_pool(self, asynchronous: bool = False) -> ConnectionPool:
        self.keyprefix_fanout = self.keyprefix_fanout.format(db=self._address.database)
        options = self._connparams(asynchronous)
        pool = redis_client.pool(self._address, **options)
        if self._address.master:  # kombu closes what is asked of sentinels with the channel
            name = "_async_sentinel_manager" if asynchronous else "_sentinel_manager"
            setattr(self, name, pool.sentinel_manager)  # type: ignore[attr-defined]
        return pool

    def _create_client(self, asynchronous: bool = False) -> Redis:
        client: Redis = super()._create_client(asynchronous)  # type: ignore[no-untyped-call]
        client.set_response_callback("BRPOP", self._came)
        return client

    def _came(self, answer: Any, **_: Any) -> tuple[bytes, bytes] | None:
        behind = bool(answer) and answer[0].endswith(f"{self.sep}{BEHIND}".encode())
        if behind:
            self._behind.taken()
        self.connection.priority = BEHIND if behind else FIRST
        return _taken(answer)

    def priority(self, n: int) -> int:
        """That of the list for it, in whichever order the lists are asked."""
        return redis.PRIORITY_STEPS[bisect(redis.PRIORITY_STEPS, n) - 1]

    def _brpop_start(self, timeout: float | None = None) -> None:
        """Ask; now and then first for what had its turn."""
        self.priority_steps = self._behind.in_order(redis.PRIORITY_STEPS)
        super()._brpop_start(timeout)  # type: ignore[no-untyped-call]

    def _brpop_read(self, **options: Any) -> Any:
        """Take the answer. Where nothing was asked none comes, and the worker would wait for ever.

        After a connection was cut, one look of the poller may tell of a descriptor twice
        (IN and HUP, then IN): the first has the answer.
        """
        if not self._in_poll:
            raise Empty
        try:
            return super()._brpop_read(**options)  # type: ignore[no-untyped-call]
        except Empty:
            raise
        except Exception as error:
            if _is_of_redis(error):
                raise
            log.error("message.refused", fault=f"it cannot be read: {envelope.short(error)}")
            return True


def _taken(answer: Any, **_: Any) -> tuple[bytes, bytes] | None:
    """A queue and what was in it. One that would fill the memory is let go of, unread."""
    if not answer:
        return None
    envelope.check_size(answer[1])
    return tuple(answer)


class Transport(redis.Transport):
    """Looks at every message before anything else does."""

    Channel = Channel
    #: Of the list that the message was taken from that is being delivered.
    priority = FIRST

    def _deliver(self, message: Any, queue: str) -> None:
        try:
            whole, passed_over = envelope.plain(message, queue, self.priority)
        except envelope.Refused as fault:
            log.error("message.refused", queue=queue, fault=str(fault))
            return
        if passed_over:
            log.warning("message.asks_too_much", queue=queue, passed_over=", ".join(passed_over))
        said = whole["properties"]
        again, tag = said["delivery_info"]["redelivered"], said["delivery_tag"]
        if not (again and any(channel.qos.knows(tag) for channel in self.channels)):
            self._hand_over(whole, queue)

    def _hand_over(self, message: dict[str, Any], queue: str) -> None:
        """To Celery. Whatever it is that Celery cannot do with it: no message ends a worker."""
        try:
            super()._deliver(message, queue)  # type: ignore[no-untyped-call]
        except (RedisError, OSError):
            raise
        except Exception as error:
            fault = f"Celery cannot read it: {envelope.short(error)}"
            log.error("message.refused", queue=queue, fault=fault, exc_info=True)
            self._forget(message["properties"]["delivery_tag"])

    def _forget(self, tag: str) -> None:
        """Nobody shall get it again."""
        for channel in self.channels:
            channel.qos.ack(tag)
