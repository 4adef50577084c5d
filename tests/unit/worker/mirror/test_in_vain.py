"""What is read in vain, for it changes meanwhile, keeps no other file or mirror waiting."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from articles.limits import MEBIBYTE
from tests.unit.worker.intake.test_unpack import Clock
from tests.unit.worker.mirror.test_follow import Followed, text, tree
from worker import beneath
from worker.mirror.aside import TURN
from worker.mirror.fed import Waiting
from worker.mirror.state import State

__all__ = ["tree"]


@pytest.fixture
def read(tree: Followed, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names that are read, each for half a turn; those in ``seine`` are changed meanwhile."""
    names: list[str] = []
    whole, clock = beneath.read_all, Clock()

    def changed(handle: int, most: int) -> bytes:
        path = Path(f"/proc/self/fd/{handle}").readlink()
        names.append(path.name)
        clock.now += TURN / 2
        if path.parent.name == "seine":
            os.utime(path, (0, 1_700_000_000 + len(names)))
        return whole(handle, most)

    monkeypatch.setattr(beneath, "read_all", changed)
    follower = tree.container.follower
    follower._feed = replace(follower._feed, clock=clock)
    return names


def test_a_turn_ends_and_the_next_goes_on_where_it_did(tree: Followed, read: list[str]) -> None:
    """Red before: all that waited was read in one turn, however long that took."""
    for number in range(5):
        tree.write(f"seine/{number}.txt", text(f"Nummer {number}"))
    tree.write("z.txt", text("Zuletzt"))
    tree.follow()
    assert read == ["0.txt", "1.txt"]
    for _ in range(2):
        tree.follow()
    assert read == [*(f"{number}.txt" for number in range(5)), "z.txt"]
    assert tree.counts() == {"new": 5, "sent": 1, "gone": 0}
    tree.follow()
    assert read[6:] == ["0.txt", "1.txt"]


def test_who_changes_links_to_one_while_it_is_read_has_it_read_seldom(
    tree: Followed, read: list[str]
) -> None:
    """Red before: it was read at each look."""
    path = tree.write("seine/0.txt", text("Seins"))
    for number in range(1, 4):
        path.with_name(f"{number}.txt").hardlink_to(path)
    taking = tree.container.follower._feed.taking
    taking.rests.clock = tree.container.follower._feed.clock
    for _ in range(3):
        tree.follow()
    assert read == ["0.txt"]
    assert tree.counts() == {"new": 4, "gone": 0}


def test_what_nobody_wrote_is_not_read(tree: Followed, read: list[str]) -> None:
    """Red before: 32 MB were hashed and copied, and had cost nobody any disk."""
    path = tree.write("a.txt", "")
    with path.open("r+b") as file:
        file.truncate(8 * MEBIBYTE)
    tree.follow()
    assert read == []
    assert tree.counts() == {"failed": 1, "gone": 0}


def test_a_turn_reads_one_file_at_least(tree: Followed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Red before: where the state was slow, none, and the next turn began with the same."""
    clock, follower = Clock(), tree.container.follower
    follower._feed = replace(follower._feed, clock=clock)
    waiting = State.waiting

    def slowly(state: State, after: int = 0) -> Iterator[Waiting]:
        for file in waiting(state, after):
            clock.now += TURN
            yield file

    monkeypatch.setattr(State, "waiting", slowly)
    for name in ("a", "b"):
        tree.write(f"{name}.txt", text(name))
    tree.follow()
    assert tree.counts() == {"new": 1, "sent": 1, "gone": 0}


def test_where_there_is_no_more_room_the_next_turn_goes_on_with_what_is_left(
    tree: Followed, read: list[str]
) -> None:
    """Red before: it began anew, and what comes to nothing was read once more before all else."""
    follower = tree.container.follower
    follower._feed = replace(follower._feed, limits=(1, 10_000), spool_batches=1)
    tree.write("seine/0.txt", text("Seins"))
    for name in ("x", "y", "z"):
        tree.write(f"{name}.txt", text(name))
    follower._feed = replace(follower._feed, clock=float)  # it stands still
    tree.follow()
    for batch in tree.container.spool.batches():
        tree.container.intake.batch(batch.name)
    tree.follow()
    assert read[:3] == ["0.txt", "x.txt", "y.txt"]
    assert "0.txt" not in read[3:]
