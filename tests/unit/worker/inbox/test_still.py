"""What is remembered of every file that is not ready, however many there are."""

from __future__ import annotations

import pytest

from worker.inbox import still as module
from worker.inbox.readiness import Observation, Seen
from worker.inbox.still import Still


def seen(inode: int, size: int = 1, owner: int = 0) -> Seen:
    return Seen(size, 1000.25, inode, owner=owner)


def look(still: Still, now: float, *files: Seen, whole: bool = True) -> list[int]:
    """One look at these, a second long; the inodes of those that are known to be still."""
    still.begin(now)
    known = [file.inode for file in files if still.known(file)]
    for file in files:
        still.add(file)
    still.end(now + 1.0, whole=whole)
    return known


def test_what_two_looks_saw_that_are_far_enough_apart_is_known() -> None:
    still = Still(60.0)
    assert look(still, 100.0, seen(1), seen(2)) == []
    still.begin(161.0)
    assert still.known(seen(1)) == Observation(seen(1), 101.0), "since the end of that look"
    assert still.known(seen(2, size=2)) is None, "it was changed"
    assert still.known(seen(3)) is None


def test_looks_in_between_change_nothing() -> None:
    still = Still(60.0)
    look(still, 100.0, seen(1))
    for now in range(102, 160, 2):
        assert look(still, now, seen(1), seen(2)) == []
    assert look(still, 161.0, seen(1), seen(2)) == [1]
    assert look(still, 222.0, seen(1), seen(2)) == [1, 2]


def test_a_clock_that_was_set_back_keeps_nobody_waiting() -> None:
    still = Still(60.0)
    look(still, 10_000.0, seen(1))
    look(still, 100.0, seen(1))
    assert look(still, 161.0, seen(1)) == [1]


def test_what_a_look_did_not_come_to_is_known_to_the_next() -> None:
    still = Still(60.0)
    look(still, 100.0, seen(1), seen(2))
    assert look(still, 165.0, seen(1), whole=False) == [1]
    assert look(still, 170.0, seen(2), seen(3), whole=False) == [2]
    assert look(still, 175.0, seen(2), seen(3)) == [2]


def test_who_has_looks_cut_off_for_ever_keeps_nobody_from_being_seen_twice() -> None:
    still = Still(60.0)
    look(still, 100.0, seen(1), seen(2))
    look(still, 165.0, seen(1), whole=False)
    look(still, 230.0, seen(1), seen(3), whole=False)
    assert look(still, 300.0, seen(1), seen(2), seen(3), seen(4), whole=False) == [1, 2, 3]
    assert len(still._before) == 3, "it was 69 seconds after the last one that counts"


def test_of_too_many_each_has_its_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """Wherever it comes in the look: nobody can have a place that is never remembered."""
    monkeypatch.setattr(module, "MOST", 10)
    still, found = Still(60.0), set[int]()
    files = [seen(inode) for inode in range(30)]
    for number in range(100):
        known = look(still, 100.0 * (number + 1), *files)
        assert len(known) <= 10
        found.update(known)
        assert len(still._before) <= 10
    assert found == set(range(30))
