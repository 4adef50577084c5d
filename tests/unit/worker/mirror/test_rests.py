"""Large files rest after they were read, longer each time until something comes of it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from worker.mirror import rests
from worker.mirror.rests import LONGEST, REST, Rests


@dataclass
class Clock:
    """Goes on when it is told to."""

    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def status(tmp_path: Path) -> os.stat_result:
    return tmp_path.stat()


def test_what_was_never_read_does_not_rest(status: os.stat_result) -> None:
    assert Rests(Clock(-1.0)).over(status)


def test_it_rests_for_some_times_what_the_reading_took(status: os.stat_result) -> None:
    clock = Clock(100.0)
    known = Rests(clock)
    known.begin(status, 10.0)
    clock.now += REST * 10.0 - 0.1
    assert not known.over(status)
    clock.now += 0.1
    assert known.over(status)


def test_reading_in_vain_takes_ever_less_of_the_time(status: os.stat_result) -> None:
    """Touched all the time, and read as soon as it may be: for two days."""
    clock, read = Clock(), 0
    known = Rests(clock)
    while clock.now < 48 * 3_600.0:
        assert known.over(status)
        clock.now += 60.0
        known.begin(status, 60.0)
        clock.now = known._rests[status.st_dev, status.st_ino, status.st_uid][1]
        read += 1
    assert read < 60
    assert clock.now - 60.0 - LONGEST < 48 * 3_600.0


def test_what_takes_longer_than_the_longest_rest_rests_in_proportion(
    status: os.stat_result,
) -> None:
    clock = Clock()
    known = Rests(clock)
    for _ in range(3):
        known.begin(status, LONGEST)
    clock.now += REST * LONGEST - 1.0
    assert not known.over(status)
    clock.now += 1.0
    assert known.over(status)


def test_it_rests_as_at_first_once_something_came_of_it(status: os.stat_result) -> None:
    clock = Clock()
    known = Rests(clock)
    known.end(status)
    assert known.over(status)
    for _ in range(3):
        known.begin(status, 10.0)
    known.end(status)
    known.end(status)
    clock.now += REST * 10.0 - 0.1
    assert not known.over(status)
    clock.now += 0.1
    assert known.over(status)
    known.begin(status, 10.0)
    clock.now += 2 * REST * 10.0 - 0.1
    assert not known.over(status)


def test_those_that_rest_are_not_without_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rests, "MOST", 2)
    known = Rests(Clock())
    each = []
    for name in "abc":
        (tmp_path / name).touch()
        each.append((tmp_path / name).stat())
    for one in each:
        known.begin(one, 10.0)
    assert [known.over(one) for one in each] == [True, False, False]


def test_a_rest_is_not_inherited_with_an_inode_s_number(status: os.stat_result) -> None:
    """Red before: whoever deletes his own had the next user's wait, in whose place it came."""
    known = Rests(Clock())
    known.begin(status, 10.0)
    others = os.stat_result((*status[:4], status.st_uid + 1, *status[5:]))
    assert (others.st_ino, others.st_dev) == (status.st_ino, status.st_dev)
    assert not known.over(status)
    assert known.over(others)
