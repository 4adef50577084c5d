"""In which order a worker takes messages out of Redis: what had its turn comes last, but comes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from structlog.testing import capture_logs

from tasks import transport
from tasks.behind import Behind
from tasks.broker import connect
from tasks.names import PRIORITIES
from tasks.reconnect import address_of, names_of
from tasks.redis_client import client
from tests.redis_servers import Server
from worker.reconcile.publisher import TaskPublisher
from worker.reconcile.queues import LOOKED_THROUGH, Queues


@pytest.fixture
def app(tmp_path: Path) -> Iterator[Celery]:
    server = Server(tmp_path / "redis")
    with connect(f"redis://127.0.0.1:{server.port}/0") as app:
        yield app
    server.kill()


def taken(app: Celery, many: int) -> list[str]:
    """The batches that so many messages speak of, as a worker takes them."""
    batches: list[str] = []

    def take(body: Any, message: Any) -> None:
        batches.append(body[0][0])
        message.ack()

    with app.connection_for_read() as connection, connection.channel() as channel:
        queues = [app.amqp.queues[app.conf.task_routes["intake.batch"]]]
        with app.amqp.TaskConsumer(channel, queues=queues, callbacks=[take]):
            while len(batches) < many:
                connection.drain_events(timeout=10)
    return batches


def test_what_had_its_turn_is_taken_behind_what_had_none(app: Celery) -> None:
    publisher = TaskPublisher(app)
    for name, behind in (("a", True), ("b", True), ("c", False), ("d", False)):
        assert publisher.intake(name, behind=behind)
    assert taken(app, 4) == ["c", "d", "a", "b"]


def test_which_list_it_stood_in_is_not_what_its_sender_says(app: Celery) -> None:
    """He could have what had its turn taken before everybody's, and called what stands behind."""
    TaskPublisher(app).intake("a", behind=True)
    queue = app.conf.task_routes["intake.batch"]
    with client(address_of(app)) as redis:
        redis.rename(queue + PRIORITIES[-1], queue)
    said: list[Any] = []
    with app.connection_for_read() as connection, connection.channel() as channel:
        queues = [app.amqp.queues[queue]]
        take = partial(_said, said)
        with app.amqp.TaskConsumer(channel, queues=queues, callbacks=[take]):
            connection.drain_events(timeout=10)
    assert said == [0]


def _said(said: list[Any], _: Any, message: Any) -> None:
    said.append(message.properties["priority"])
    message.ack()


def test_it_does_not_wait_for_ever(app: Celery, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where others come without end, one of it is taken every ten minutes."""
    times = count(0, 250)  # of seconds: each look at the clock is four minutes later
    monkeypatch.setattr(transport, "Behind", partial(Behind, lambda: float(next(times))))
    publisher = TaskPublisher(app)
    for name, behind in (("a", True), ("b", True), *((f"c{n}", False) for n in range(9))):
        publisher.intake(name, behind=behind)
    order = taken(app, 11)
    assert sorted(order) == sorted(["a", "b", *(f"c{n}" for n in range(9))])
    assert 0 < order.index("a") < order.index("b") - 1 < 9


def test_how_much_stands_behind_is_known(app: Celery) -> None:
    publisher = TaskPublisher(app)
    for name, behind in (("a", True), ("b", True), ("c", False)):
        publisher.intake(name, behind=behind)
    look = Queues(address_of(app)).look()
    assert (look.lengths["intake"], look.behind) == (3, 2)


def test_of_very_much_that_waits_little_is_read(app: Celery) -> None:
    """Whoever reaches Redis may put any number of messages behind those of everybody."""
    queue = app.conf.task_routes["intake.batch"] + PRIORITIES[-1]
    _fill(app, queue, 500)
    assert len(Queues(address_of(app)).waiting("intake", 64)) == 64


def test_what_nobody_can_hold_is_given_back_little_by_little(app: Celery) -> None:
    """Messages that workers are said to hold: those that were renewed longest ago come first."""
    index = f"{names_of(app).unacked}_index"
    with client(address_of(app)) as redis:
        redis.zadd(index, {f"tag-{number}": number for number in range(LOOKED_THROUGH + 500)})
    queues = Queues(address_of(app))
    first = queues.look()
    assert len(first.held) == LOOKED_THROUGH
    queues.give_back(first.held)
    assert queues.look().held[0].tag == f"tag-{LOOKED_THROUGH}".encode()


def test_what_no_queue_takes_keeps_nothing_else(app: Celery) -> None:
    """Red before: one went with each look, and the reconciler looked no further."""
    names = names_of(app)
    whole: Any = {"headers": {}, "properties": {"delivery_info": {}}}
    held = {
        f"tag-{number:03}": json.dumps([whole, "", queue])
        for number, queue in enumerate([names.alive, names.of("elsewhere"), names.shared] * 30)
    }
    with client(address_of(app)) as redis:
        redis.sadd(names.alive, "x")
        redis.sadd(names.of("elsewhere"), "x")
        redis.hset(names.unacked, mapping=held)
        redis.zadd(f"{names.unacked}_index", dict.fromkeys(held, 0))
        queues = Queues(address_of(app))
        queues.give_back(queues.look().held)
        assert not redis.exists(names.unacked, f"{names.unacked}_index")
        assert redis.llen(names.shared) == 30


@pytest.mark.parametrize("queue", ["", "depesche.articles.alive"])
def test_a_worker_gives_back_a_hundred_at_once(app: Celery, queue: str) -> None:
    """Red before: all there were, for minutes, in the loop by which it beats and takes messages."""
    names = names_of(app)
    whole: Any = {"headers": {}, "properties": {"delivery_info": {}}}
    held = {f"tag-{n}": json.dumps([whole, "", queue]) if queue else "x" for n in range(250)}
    with client(address_of(app)) as redis, app.connection_for_read() as connection:
        redis.sadd(names.alive, "x")
        redis.hset(names.unacked, mapping=held)
        redis.zadd(f"{names.unacked}_index", dict.fromkeys(held, 0))
        qos: Any = connection.channel().qos
        qos._since = 0.0  # the connection stands for long
        for gone, left in ((100, 150), (100, 50), (50, 0)):
            with capture_logs() as lines:
                qos.restore_visible()
            assert redis.hlen(names.unacked) == redis.zcard(f"{names.unacked}_index") == left
            (line,) = lines
            assert (line["event"], line["messages"]) == ("message.refused", gone)


def _fill(app: Celery, queue: str, many: int) -> None:
    with client(address_of(app)) as redis:
        publisher = TaskPublisher(app)
        publisher.intake("x", behind=True)
        (message,) = redis.lrange(queue, 0, -1)
        redis.lpush(queue, *[message] * (many - 1))
