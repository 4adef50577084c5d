"""What a child says is heard to its end, though the connection to Redis is lost meanwhile.

With a genuine child of Celery's, in whose place the test says the half of an answer.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from billiard.pool import READY
from kombu.asynchronous import Hub

from worker.processes.children import Children

#: Of the loop; each ends when something is to be read, or after a second.
TURNS = 20


@pytest.fixture
def hub() -> Iterator[Hub]:
    loop = Hub()  # type: ignore[no-untyped-call]
    yield loop
    loop.close()  # type: ignore[no-untyped-call]


@pytest.fixture
def pool(hub: Hub) -> Iterator[Any]:
    children = Children.Pool(processes=1, threads=False)
    children.register_with_event_loop(hub)
    yield children
    children.terminate()


def _turn_until(hub: Any, done: Callable[[], object]) -> None:
    loop = hub.create_loop()
    for _ in range(TURNS):
        if done():
            return
        next(loop)
    raise AssertionError("the child was not heard")


def _half_an_answer(hub: Any, pool: Any) -> tuple[Any, Callable[[], None]]:
    """A job whose answer is read to the half, and what says the rest of it."""
    job = pool.apply_async(signal.pause)
    _turn_until(hub, job.accepted)
    (process,) = pool._pool
    body = pickle.dumps((READY, (job._job, 0, (True, "whole"), process.inqW_fd)))
    writer = os.dup(process.outq._writer.fileno())
    os.write(writer, struct.pack(">I", len(body)) + body[:9])
    next(hub.create_loop())

    def say_the_rest() -> None:
        os.write(writer, body[9:])
        os.close(writer)

    return job, say_the_rest


def _lose_the_connection(hub: Any, pool: Any) -> None:
    """What Celery does where its loop ends by an error, and where it begins again."""
    hub.reset()
    hub.timer.clear()
    pool.register_with_event_loop(hub)


def test_an_answer_that_is_half_read_is_read_to_its_end(hub: Hub, pool: Any) -> None:
    """Red before: the rest was read as a message of a gigabyte, and the child never heard again."""
    job, say_the_rest = _half_an_answer(hub, pool)
    for _ in range(3):
        _lose_the_connection(hub, pool)
    say_the_rest()
    _turn_until(hub, job.ready)
    assert job.get() == "whole"


def test_who_follows_a_child_that_has_died_in_the_middle_is_heard(hub: Hub, pool: Any) -> None:
    _half_an_answer(hub, pool)
    (dead,) = pool._pool
    os.kill(dead.pid, signal.SIGKILL)
    _lose_the_connection(hub, pool)
    _turn_until(hub, lambda: pool._pool != [dead] and pool._fileno_to_inq)
    job = pool.apply_async(os.getpid)
    _turn_until(hub, job.ready)
    assert job.get() == pool._pool[0].pid != dead.pid


def test_who_is_at_work_stays_so_though_the_connection_is_lost(hub: Hub, pool: Any) -> None:
    """Red before: the next message was written to it, and waited beside an idle one."""
    job = pool.apply_async(signal.pause)
    _turn_until(hub, job.accepted)
    (process,) = pool._pool
    pool.flush()
    _lose_the_connection(hub, pool)
    assert process.inqW_fd in pool._busy_workers
