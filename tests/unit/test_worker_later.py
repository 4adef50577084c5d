"""Work beside other work: in order, one behind at most, and no error is anybody else's."""

from __future__ import annotations

import threading
import time

from worker.later import Later


def test_it_does_not_hold_its_caller_up_and_is_done_in_the_end() -> None:
    gate, done = threading.Event(), threading.Event()
    later = Later()

    def work() -> None:
        gate.wait(10)
        done.set()

    later(work)
    assert not done.is_set()
    gate.set()
    later.finish()
    assert done.is_set()


def test_the_next_piece_waits_for_the_one_before() -> None:
    seen: list[int] = []
    later = Later()

    def slow() -> None:
        time.sleep(0.1)
        seen.append(1)

    later(slow)
    later(lambda: seen.append(2))
    assert seen[:1] == [1]
    later.finish()
    assert seen == [1, 2]


def test_an_error_stops_neither_caller_nor_later_work() -> None:
    seen: list[int] = []
    later = Later()

    def broken() -> None:
        raise RuntimeError("a bug")

    later(broken)
    later(lambda: seen.append(1))
    later.finish()
    assert seen == [1]


def test_an_end_waits_no_longer_than_it_may() -> None:
    gate = threading.Event()
    later = Later()

    def stuck() -> None:
        gate.wait(10)

    later(stuck)
    start = time.monotonic()
    later.finish(0.05)
    assert time.monotonic() - start < 5
    gate.set()


def test_nothing_to_finish_is_finished() -> None:
    Later().finish()
