"""What is asked beside the work takes a tenth of the time, whoever asks how often."""

from __future__ import annotations

import os

import pytest

from articles.errors import UsageError
from tasks.share import IN_ADVANCE, TIMES, Share


class Clock:
    """It stands still, but for what is done."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


def asked(share: Share, clock: Clock, seconds: float) -> bool:
    """A question that takes so long; whether it was answered."""
    try:
        with share.taken():
            clock.now += seconds
    except UsageError:
        return False
    return True


def fails(share: Share, clock: Clock, seconds: float) -> None:
    """One that takes so long, and then there is an error."""
    with share.taken():
        clock.now += seconds
        raise ZeroDivisionError


def test_who_asks_now_and_then_is_answered() -> None:
    clock = Clock()
    share = Share(clock)
    for _ in range(100):
        assert asked(share, clock, 0.3)
        clock.now += 0.3 * TIMES


def test_who_asks_without_end_has_a_tenth_of_the_time() -> None:
    clock = Clock()
    share = Share(clock)
    answered = 0
    for _ in range(10_000):
        answered += asked(share, clock, 0.3)
        clock.now += 0.1  # of other work
    passed = clock.now - 1_000.0
    assert answered * 0.3 <= IN_ADVANCE + passed / TIMES + 0.3
    assert answered > 100


def test_one_that_took_very_long_keeps_others_for_minutes_and_no_longer() -> None:
    clock = Clock()
    share = Share(clock)
    assert asked(share, clock, 600.0)
    assert not asked(share, clock, 0.3)
    clock.now += TIMES * IN_ADVANCE
    assert asked(share, clock, 0.3)


def test_what_fails_counts_too() -> None:
    clock = Clock()
    share = Share(clock)
    with pytest.raises(ZeroDivisionError):
        fails(share, clock, 600.0)
    assert not asked(share, clock, 0.3)


def test_children_have_it_together() -> None:
    """A child that takes another's place has no more of it."""
    clock = Clock()
    share = Share(clock)
    child = os.fork()
    if child == 0:
        asked(share, clock, 600.0)
        os._exit(0)
    os.waitpid(child, 0)
    assert not asked(share, clock, 0.3)
