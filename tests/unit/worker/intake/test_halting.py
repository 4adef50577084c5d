"""Work that stands still, and goes on: one of both runs at a time, and nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from worker.intake.halting import Halted, Halting


def never() -> bool:
    return False


def always() -> bool:
    return True


@pytest.fixture
def halting() -> Iterator[Halting[int]]:
    halting = Halting[int]()
    yield halting
    halting.close()


def steps(halting: Halting[int], count: int, seen: list[int]) -> int:
    for number in range(count):
        halting.gate()
        seen.append(number)
    return count


def test_what_has_time_comes_at_once(halting: Halting[int]) -> None:
    assert [halting.result(lambda: steps(halting, 3, []), never) for _ in range(2)] == [3, 3]
    assert not halting.stands


def test_it_goes_on_where_it_stood_still(halting: Halting[int]) -> None:
    seen: list[int] = []
    for done in range(3):
        with pytest.raises(Halted):
            halting.result(lambda: steps(halting, 3, seen), always)
        assert (seen, halting.stands) == (list(range(done)), True)
    assert halting.result(lambda: pytest.fail("it was begun anew"), never) == 3
    assert (seen, halting.stands) == ([0, 1, 2], False)


def test_what_it_raises_whoever_asked_has(halting: Halting[int]) -> None:
    def fails() -> int:
        halting.gate()
        raise KeyError

    with pytest.raises(Halted):
        halting.result(fails, always)
    with pytest.raises(KeyError):
        halting.result(fails, never)
    assert halting.result(lambda: 7, never) == 7


def test_closed_it_ends_though_who_waited_for_it_was_interrupted() -> None:
    halting, before, seen = Halting[int](), threading.active_count(), list[int]()
    begun, may = threading.Event(), threading.Event()

    def work() -> int:
        begun.set()
        may.wait()
        return steps(halting, 3, seen)

    halting._said.put(None)  # as if a signal's handler had raised
    with pytest.raises(Halted):
        halting.result(work, never)
    begun.wait()
    threading.Timer(0.05, may.set).start()
    halting.close()
    assert (seen, halting.stands) == ([], False)
    assert threading.active_count() <= before + 1  # the timer's
