"""One thread beside the work: in order, one ahead, errors where their answers would be."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest

from worker.enrichment.prefetcher import Prefetcher


def test_it_works_in_another_thread_and_in_order() -> None:
    beside, seen = Prefetcher(), list[int]()
    done = [beside.do(lambda n=number: seen.append(n)) for number in range(5)]  # type: ignore[misc]
    for one in done:
        one.result(10)
    assert seen == [0, 1, 2, 3, 4]
    assert beside.do(threading.current_thread).result(10) is not threading.current_thread()


def test_the_next_one_has_begun_before_an_answer_is_given() -> None:
    begun: list[int] = []

    def given() -> Iterator[int]:
        for number in range(3):
            begun.append(number)
            yield number

    answers = Prefetcher().ahead(lambda number: number * 10, given())
    assert next(answers) == 0
    assert begun == [0, 1]
    assert list(answers) == [10, 20]


@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_each_has_its_answer(count: int) -> None:
    assert list(Prefetcher().ahead(str, range(count))) == [str(n) for n in range(count)]


def test_an_error_comes_out_in_its_place() -> None:
    answers = Prefetcher().ahead(lambda number: 6 // number, [3, 2, 0, 1])
    assert [next(answers), next(answers)] == [2, 3]
    with pytest.raises(ZeroDivisionError):
        next(answers)
    assert list(answers) == []


def test_what_is_not_taken_is_not_begun() -> None:
    beside, seen, gate = Prefetcher(), list[int](), threading.Event()

    def given() -> Iterator[int]:
        yield 0
        beside.do(lambda: gate.wait(10))
        yield 1  # in the queue behind the gate

    answers = beside.ahead(seen.append, given())
    next(answers)
    answers.close()
    gate.set()
    assert beside.do(lambda: list(seen)).result(10) == [0]


def test_one_goes_on_while_another_is_used() -> None:
    """Two at once, one inside the other, as the parts of a message are fetched and asked about."""
    beside = Prefetcher()
    inner = beside.ahead(lambda number: number + 1, range(4))
    assert list(beside.ahead(lambda number: number * 2, inner)) == [2, 4, 6, 8]
