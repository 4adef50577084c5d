"""What a worker reads of Redis."""

from __future__ import annotations

from collections.abc import Callable
from queue import Empty
from typing import Any, NoReturn

import pytest
from kombu.transport import virtual
from redis.exceptions import ConnectionError as NoRedis

from tasks.transport import Channel, QoS


class _Client:
    """Whoever reads of it waits for ever."""

    connection = None

    def parse_response(self, *_: object) -> None:
        raise AssertionError("nothing was asked, so nothing comes")


def test_an_answer_is_read_where_one_is_to_come() -> None:
    """The poller may tell of a connection twice; the second time nothing is to come."""
    channel = Channel.__new__(Channel)
    channel.client, channel._in_poll = _Client(), False
    with pytest.raises(Empty):
        channel._brpop_read()


class _Away:
    """A channel whose Redis is away."""

    unacked_key, unacked_index_key = "unacked", "unacked_index"
    do_restore = False

    def conn_or_acquire(self, *_: object) -> NoReturn:
        raise NoRedis("Connection reset by peer")


@pytest.mark.parametrize(
    ("end", "done"),
    [
        (lambda qos: qos.ack("t1"), True),
        (lambda qos: qos.reject("t1", requeue=True), False),
        (lambda qos: qos.reject("t1"), True),
    ],
    ids=["ack", "give back", "throw away"],
)
def test_what_redis_could_not_be_told_of_takes_no_place_from_the_worker(
    end: Callable[[QoS], None], done: bool
) -> None:
    """With its place taken a worker asks for nothing more, and never sees that Redis was away."""
    qos: Any = QoS(_Away(), prefetch_count=1)
    held: Any = virtual.QoS
    held.append(qos, "message", "t1")
    assert not qos.can_consume()
    with pytest.raises(NoRedis):
        end(qos)
    assert qos.can_consume()
    assert qos.knows("t1") == done
