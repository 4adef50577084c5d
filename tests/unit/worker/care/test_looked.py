"""What is remembered of containers: all that fits, and enough to come to an end."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from extraction.containers.member import Member
from worker.care import inventory, looked
from worker.care.inventory import Found, Inventory, Reading
from worker.care.looked import Looked, Question
from worker.intake.reading import Look


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Room for one container of eight members."""
    for module in (inventory, looked):
        monkeypatch.setattr(module, "MOST", 150)


def asked(container: str, *digests: str, mtime: int = 1) -> Question:
    return Question(Path("/a"), container, Look(1, mtime, 1), frozenset(), frozenset(digests))


def members(count: int) -> Iterator[Member]:
    return (Member(str(number), f"text {number}".encode()) for number in range(count))


class Reads:
    """Reads containers of so many members, and notes which."""

    def __init__(self, count: int) -> None:
        self.count, self.read = count, list[str]()
        self.known = Looked()

    def ask(self, question: Question) -> Found | Inventory:
        """As a purge does."""

        def read() -> Found | Inventory:
            self.read.append(question.relative)
            reading = Reading()
            if found := reading.first(members(self.count), question.wants):
                return Found(*found, "whole")
            return reading.inventory()

        return self.known.through(question, read)


def test_the_oldest_goes_first_and_is_read_again() -> None:
    reads = Reads(8)
    for name in ("one", "two"):
        reads.ask(asked(name, "x"))
    reads.ask(asked("two", "y"))
    assert reads.read == ["one", "two"]
    reads.ask(asked("one", "y"))
    assert reads.read == ["one", "two", "one"]


def test_what_was_asked_is_not_asked_again_of_one_that_had_to_go() -> None:
    reads = Reads(8)
    for name in 3 * ("one", "two", "three"):
        assert not isinstance(reads.ask(asked(name, "x")), Found)
    assert reads.read == ["one", "two", "three"]


def test_one_with_more_members_than_there_is_room_for_drives_no_other_out() -> None:
    reads = Reads(8)
    reads.ask(asked("small", "x"))
    reads.count = 1000
    for digest in ("x", "y"):
        reads.ask(asked("large", digest))
    reads.ask(asked("small", "y"))
    assert reads.read == ["small", "large", "large"]


def test_one_that_is_touched_again_and_again_drives_no_other_out() -> None:
    reads = Reads(2)
    reads.ask(asked("other", "x"))
    for mtime in range(9):
        reads.ask(asked("touched", "x", mtime=mtime))
    assert len(reads.read) == 10, "what it holds may be another thing each time"
    reads.ask(asked("other", "y"))
    reads.ask(asked("touched", "y", mtime=8))
    assert len(reads.read) == 10


def test_of_one_with_very_many_members_no_more_is_noted_than_there_is_room_for() -> None:
    reading = Reading()
    assert reading.first(members(1000), lambda *_: False) is None
    assert len(reading.names) + len(reading.digests) < 170
    assert reading.inventory().size > inventory.MOST


def test_what_is_found_is_known_whatever_else_is_looked_for() -> None:
    reads = Reads(8)
    hit = reads.ask(asked("one", _digest(3)))
    assert isinstance(hit, Found)
    assert (hit.name, hit.container) == ("3", "whole")
    assert reads.ask(asked("one", "x", _digest(3))) == hit
    assert reads.read == ["one"]
    assert not isinstance(reads.ask(asked("one", "x")), Found)
    assert reads.read == ["one", "one"]


def test_an_inventory_knows_names_and_digests_apart() -> None:
    reading = Reading()
    reading.first(members(8), lambda *_: False)
    held = reading.inventory()
    assert held.may_hold(["7"], [])
    assert held.may_hold([], [_digest(7)])
    assert not held.may_hold([_digest(7), "8"], ["7", _digest(8), ""])


def _digest(number: int) -> str:
    return sha256(f"text {number}".encode()).hexdigest()
