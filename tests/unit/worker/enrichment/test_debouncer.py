"""What is gathered is done all at once, a while later, and no error is anybody else's."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping

from tests.processes import wait_for
from worker.enrichment.debouncer import Debouncer

Things = Mapping[str, int]
LONG = 60.0


def test_what_comes_within_its_time_is_done_at_once() -> None:
    seen: list[Things] = []
    later: Debouncer[str, int] = Debouncer(seen.append, seconds=0.2)
    later({"a": 1, "b": 1})
    later({"b": 2})
    assert seen == []
    wait_for(lambda: bool(seen), "the work", 10)
    assert seen == [{"a": 1, "b": 2}]


def test_what_comes_after_is_done_after() -> None:
    seen: list[Things] = []
    later: Debouncer[str, int] = Debouncer(seen.append, seconds=0.05)
    for number in range(3):
        later({"a": number})
        wait_for(lambda wanted=number + 1: len(seen) == wanted, "the work", 10)  # type: ignore[misc]
    assert seen == [{"a": 0}, {"a": 1}, {"a": 2}]


def test_the_end_does_what_is_left_and_nothing_twice() -> None:
    seen: list[Things] = []
    later: Debouncer[str, int] = Debouncer(seen.append, LONG)
    later({"a": 1})
    later.finish()
    later.finish()
    assert seen == [{"a": 1}]


def test_without_time_it_is_done_by_the_caller() -> None:
    threads: list[threading.Thread] = []
    later: Debouncer[str, int] = Debouncer(lambda _: threads.append(threading.current_thread()), 0)
    later({"a": 1})
    assert threads == [threading.current_thread()]


def test_nothing_starts_no_thread() -> None:
    before = threading.active_count()
    later: Debouncer[str, int] = Debouncer(lambda _: None, LONG)
    later({})
    assert threading.active_count() == before


def test_two_pieces_are_never_done_at_once() -> None:
    running, most = 0, 0

    def work(_: Things) -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        time.sleep(0.1)
        running -= 1

    later: Debouncer[str, int] = Debouncer(work, seconds=0.01)
    for number in range(4):
        later({str(number): number})
        time.sleep(0.05)
    later.finish()
    assert most == 1


def test_an_error_stops_neither_caller_nor_later_work() -> None:
    seen: list[Things] = []

    def work(things: Things) -> None:
        seen.append(things)
        if len(seen) == 1:
            raise RuntimeError("a bug")

    later: Debouncer[str, int] = Debouncer(work, 0)
    later({"a": 1})
    later({"b": 2})
    assert seen == [{"a": 1}, {"b": 2}]


def test_an_end_waits_no_longer_than_it_may() -> None:
    gate = threading.Event()

    def stuck(_: Things) -> None:
        gate.wait(10)

    later: Debouncer[str, int] = Debouncer(stuck, LONG)
    later({"a": 1})
    start = time.monotonic()
    later.finish(0.05)
    assert time.monotonic() - start < 5
    gate.set()
