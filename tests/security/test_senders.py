"""Messages that Celery itself would end, freeze or hold a worker for: a genuine one reads them."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from tasks.names import DEFAULT_QUEUE, PRIORITIES, QueueNames
from tests.processes import wait_for
from tests.redis_servers import AS_EMBEDDED, Server
from tests.security.workers import FOR_EVER, SLOWLY
from worker.processes.celery_worker import GRACE
from worker.reconcile.redis_keys import types_of
from worker.services.redis_users import KEEPER

REPOSITORY = Path(__file__).parents[2]
ARTICLE = {"headline": "Testfall"}
#: Those of the worker.
NAMES = QueueNames()


class Sent:
    """A worker and the queue that it reads."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self._server = Server(folder / "redis", *AS_EMBEDDED)
        path = str(self._server.socket)
        self.redis = redis.Redis(unix_socket_path=path, username=KEEPER, password="")
        self.log, self.alive = folder / "log", folder / "a"
        arguments = (f"unix://{self._server.socket}", str(self.alive), *arguments)
        argv = ("-m", "tests.security.workers", *arguments)
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, *argv], cwd=REPOSITORY, stdout=log, stderr=log
            )

    def send(self, message: object) -> None:
        self.redis.lpush(DEFAULT_QUEUE, json.dumps(message))

    def answer(self, message: dict[str, Any]) -> dict[str, Any]:
        """Wait for what the worker says of a message."""
        key = f"celery-task-meta-{message['headers']['id']}"
        wait_for(
            lambda: bool(self.redis.exists(key)) or self.process.poll() is not None, "an answer"
        )
        assert self.process.poll() is None, f"the worker has ended: {self.said()[-3000:]}"
        answer: Any = self.redis.get(key)
        return dict(json.loads(answer))

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(60)
        self.redis.close()
        self._server.kill()


@pytest.fixture
def sent(tmp_path: Path) -> Iterator[Sent]:
    running = Sent(tmp_path)
    yield running
    running.end()


def message(
    task: str = "ingest.article",
    args: list[Any] | None = None,
    kwargs: dict[str, Any] | None = None,
    embed: dict[str, Any] | None = None,
    **headers: Any,
) -> dict[str, Any]:
    """As Celery sends it, but for these headers."""
    body = json.dumps([args or [], ARTICLE if kwargs is None else kwargs, embed or {}])
    id_ = uuid.uuid4().hex
    return {
        "body": base64.b64encode(body.encode()).decode(),
        "content-type": "application/json",
        "content-encoding": "utf-8",
        "headers": {"lang": "py", "task": task, "id": id_, "root_id": id_, **headers},
        "properties": {
            "correlation_id": id_,
            "delivery_mode": 2,
            "delivery_info": {"exchange": "", "routing_key": DEFAULT_QUEUE},
            "priority": 0,
            "body_encoding": "base64",
            "delivery_tag": id_,
        },
    }


def _deep(depth: int) -> list[Any]:
    return [_deep(depth - 1)] if depth else []


HOSTILE = (
    message(timelimit=["x", None]),
    message(timelimit=[None, "x"]),
    message(timelimit=[1]),
    message(timelimit=7),
    message(timelimit=[int("9" * 400), None]),
    message(timelimit=[float("inf"), None]),
    message(eta="0001-01-01T00:00:00+14:00"),
    message(eta="9999-12-31T23:59:59-14:00"),
    message(expires="0001-01-01T00:00:00+14:00"),
    message(stamped_headers=[[1]], stamps={"a": 1}),
    message(id=[1]),
    message(args=[_deep(900)], kwargs={}),
    message(kwargs={f"k{number}": 1 for number in range(10_000)}),
    message(embed={"errbacks": [{"task": "intake.batch"}], "callbacks": 7, "chord": 7}, group=[1]),
    message("celery.map", [{"task": "ingest.article", "args": [], "kwargs": {}}, [ARTICLE]], {}),
    message(
        "celery.chord_unlock",
        ["id", {"task": "x", "args": [], "kwargs": {}, "options": {}}],
        {"interval": 0, "result": [[["a", None], None]]},
    ),
    message("enrich.documents", [[{}]], {}),
)


#: Of which kombu makes values of Python's, and cannot.
NO_VALUES = tuple(
    json.dumps({"__type__": name, "__value__": value})
    for name, value in (("uuid", 7), ("decimal", "x"), ("bytes", 7), ([], 7), ("none", 7))
)


def test_no_message_ends_or_freezes_a_worker(sent: Sent) -> None:
    """Red before for the first seven, the stamps, and what is deep: gone, or deaf for ever."""
    for hostile in HOSTILE:
        sent.send(hostile)
        fine = message()
        sent.send(fine)
        assert sent.answer(fine)["status"] == "SUCCESS"
    wait_for(lambda: not sent.redis.hlen(NAMES.unacked), "no message comes back")
    assert "is a task of Celery's own" in sent.said()
    assert "asks_too_much" in sent.said()


def test_a_slow_message_holds_one_process_and_is_taken_once(sent: Sent) -> None:
    """Its lease runs out many times; red before: it had every process of the worker, and again.

    Two of them have them all, and come back when they are done: without end, before.
    """
    slow = message("ingest.files", [[SLOWLY]], {})
    sent.send(slow)
    wait_for(lambda: SLOWLY in sent.said(), "it is at work")
    for _ in range(5):
        fine = message()
        sent.send(fine)
        assert sent.answer(fine)["status"] == "SUCCESS"
    second = message("ingest.files", [[SLOWLY]], {})
    sent.send(second)
    for each in (slow, second):
        sent.answer(each)
    fine = message()
    sent.send(fine)
    assert sent.answer(fine)["status"] == "SUCCESS"
    wait_for(lambda: not sent.redis.hlen(NAMES.unacked), "none comes back")
    wait_for(lambda: not sent.redis.llen(DEFAULT_QUEUE), "none waits")
    assert sent.said().count(SLOWLY) == 2


def test_what_nobody_can_give_back_keeps_nothing_else(sent: Sent) -> None:
    """Others' messages are given back though somebody has planted what is none before them."""
    held = message()
    planted: Any = {
        "deep": "[" * 100_000,
        "none": "{",
        "number": "7",
        "no decimal": NO_VALUES[1],
        "to no queue": json.dumps([message(), "", {"a": 1}]),
        held["headers"]["id"]: json.dumps([held, "", DEFAULT_QUEUE]),
    }
    sent.redis.hset(NAMES.unacked, mapping=planted)
    sent.redis.zadd(f"{NAMES.unacked}_index", dict(zip(planted, (6, 5, 4, 3, 2, 1), strict=True)))
    assert sent.answer(held)["status"] == "SUCCESS"
    wait_for(lambda: not sent.redis.hlen(NAMES.unacked), "all is gone")


def test_no_value_that_cannot_be_made_ends_a_worker(sent: Sent) -> None:
    """Red before: 35 bytes in the queue, and the worker was gone."""
    for raw in NO_VALUES:
        sent.redis.lpush(DEFAULT_QUEUE, raw)
        fine = message()
        sent.send(fine)
        assert sent.answer(fine)["status"] == "SUCCESS"
    assert sent.said().count("it cannot be read") == len(NO_VALUES)


def test_a_message_whose_result_stands_in_another_type_holds_nobody(sent: Sent) -> None:
    """Red before: given back and taken without end, and none behind it was."""
    late = message(expires="2020-01-01T00:00:00")
    key = f"celery-task-meta-{late['headers']['id']}"
    sent.redis.sadd(key, "no result")
    sent.send(late)
    fine = message()
    sent.send(fine)
    assert sent.answer(fine)["status"] == "SUCCESS"
    assert sent.answer(late)["status"] == "REVOKED"


@pytest.mark.parametrize(
    "key",
    [NAMES.own, f"{DEFAULT_QUEUE}{PRIORITIES[1]}", NAMES.unacked, f"{NAMES.unacked}_index"],
)
def test_a_key_of_another_type_in_a_queue_s_place_is_removed(sent: Sent, key: str) -> None:
    """Red before: every worker and the reconciler waited until a person found it.

    What a worker takes before it is removed may go, as all may that stands in Redis alone.
    """
    first = message()
    sent.send(first)
    sent.answer(first)
    sent.redis.set(key, "no queue")
    sent.send(message())
    wait_for(lambda: sent.redis.type(key) != b"string", "it is removed")
    fine = message()
    sent.send(fine)
    assert sent.answer(fine)["status"] == "SUCCESS"
    assert "redis.foreign_key" in sent.said()


def kept_by(sent: Sent) -> set[str]:
    """Every key that a worker has made, with a message in each hand, and one that waits."""
    fine = message()
    sent.send(fine)
    sent.answer(fine)
    for _ in range(3):
        sent.send(message("ingest.files", [[SLOWLY]], {}))
    keys = set[str]()

    def all_are_there() -> bool:
        keys.update(key.decode() for key in sent.redis.scan_iter())
        return {f"{NAMES.unacked}_index", DEFAULT_QUEUE, NAMES.alive} <= keys

    wait_for(all_are_there, "it holds one, another waits, and it has beaten")
    return keys


def test_whatever_key_a_worker_makes_in_any_type_holds_nobody(sent: Sent) -> None:
    """Each name that stands there, and each that is known; red before for some of kombu's.

    What is not known by its type is written over, whatever it was.
    """
    kept = kept_by(sent)
    known = types_of(NAMES)
    written_over = ("celery-task-meta-", f"{NAMES.alive}:")
    assert [key for key in kept - known.keys() if not key.startswith(written_over)] == []
    assert {key: sent.redis.type(key) for key in kept & known.keys()}.items() <= known.items()
    for key in {*kept, *known}:
        sent.redis.set(key, "x")
    wait_for(lambda: not wrong(sent), "all are removed")
    fine = message()
    sent.send(fine)
    assert sent.answer(fine)["status"] == "SUCCESS"
    wait_for(lambda: sent.redis.type(NAMES.alive) == b"set", "it has said that it lives")


def wrong(sent: Sent) -> list[str]:
    """What stands there in another type than its own."""
    types = types_of(NAMES).items()
    return [key for key, wanted in types if sent.redis.type(key) not in {b"none", wanted}]


def test_where_redis_refuses_writes_a_worker_says_so_and_tries_now_and_then(sent: Sent) -> None:
    """Red before: twelve times a second, and hardly a beat for a minute after a minute of it."""
    first = message()
    sent.send(first)
    sent.answer(first)
    sent.redis.config_set("min-replicas-to-write", 1)  # and there is none
    lost = "Connection to broker lost"
    wait_for(lambda: sent.said().count(lost) >= 2, "it is refused twice")
    began = time.monotonic()
    wait_for(lambda: sent.said().count(lost) >= 7, "it is refused five times more")
    assert time.monotonic() - began > 4
    (beat,) = sent.alive.glob("*.json")
    assert "Redis takes nothing: " in beat.read_text(encoding="utf-8")
    sent.redis.config_set("min-replicas-to-write", 0)
    fine = message()
    sent.send(fine)
    assert sent.answer(fine)["status"] == "SUCCESS"


#: Each has an error of a megabyte and a half: a pipe takes it in twenty pieces and more.
WRONG = {f"{number:06}{'y' * 40}": 1 for number in range(20_000)}


def test_where_redis_is_full_while_long_answers_come_every_child_is_heard(sent: Sent) -> None:
    """Red before, nearly always: both processes were idle, and so they stayed.

    Of a child whose answer was half read when Redis refused the worker nothing was heard any more.
    """
    for _ in range(24):
        sent.send(message(args=[WRONG], kwargs={}, ignore_result=True))

    def all_are_taken() -> bool:
        for most in ("1", "0"):
            sent.redis.config_set("maxmemory", most)
            time.sleep(0.05)
        return not sent.redis.llen(DEFAULT_QUEUE)

    wait_for(all_are_taken, "all are taken")
    last = [message() for _ in range(4)]
    for each in last:
        sent.send(each)
    assert [sent.answer(each)["status"] for each in last] == ["SUCCESS"] * 4
    wait_for(lambda: not sent.redis.hlen(NAMES.unacked), "nothing that is held", 60)


def test_a_message_that_is_at_work_for_too_long_ends_the_worker(tmp_path: Path) -> None:
    """Red before. Who runs it starts it anew; its children end with it, and say no more."""
    sent = Sent(tmp_path, str(1.0 - GRACE))
    try:
        sent.send(message("ingest.files", [[FOR_EVER]], {}))
        wait_for(lambda: sent.process.poll() is not None, "the end of the worker", 60)
        assert "worker.hangs" in sent.said()
        assert sent.redis.hlen(NAMES.unacked) == 1, "it is given back as what the dead held"
    finally:
        sent.end()
