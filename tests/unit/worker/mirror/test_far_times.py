"""Files with times that no clock shows, and faults of ours: neither ends a mirror unsaid."""

from __future__ import annotations

import os

import pytest

from tests.unit.worker.mirror.test_follow import Followed, text, tree
from worker.care.mirrors import mirrors, table
from worker.file_numbers import kept_number
from worker.mirror import follow, listing

__all__ = ["tree"]


@pytest.mark.parametrize("time", [2**63, -(2**63)])
def test_a_time_that_sqlite_cannot_keep_stops_no_mirror(tree: Followed, time: int) -> None:
    """Red before: `touch -d 2300-01-01` ended each look by an ``OverflowError``."""
    tree.write("a.txt", text("Eins"))
    os.utime(tree.root / "a.txt", ns=(time, time))
    tree.turn()
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    assert set(tree.documents()) == {"press/a.txt", "press/b.txt"}
    (tree.root / "a.txt").unlink()
    tree.turn()
    tree.turn()
    assert set(tree.documents()) == {"press/b.txt"}


def test_a_file_whose_number_has_all_bits_goes_like_any_other(
    tree: Followed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: such numbers are negative in SQLite, and a look began behind -1."""
    monkeypatch.setattr(listing, "kept_number", lambda number: kept_number(number | 2**63))
    tree.write("a.txt", text("Eins"))
    tree.write("b.txt", text("Zwei"))
    tree.turn()
    (tree.root / "a.txt").unlink()
    tree.turn()
    tree.turn()
    assert set(tree.documents()) == {"press/b.txt"}


def test_what_nobody_foresaw_at_a_mirror_is_said_until_it_is_over(tree: Followed) -> None:
    tree.write("a.txt", text("Eins"))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(follow, "scan", lambda *_: 1 / 0)
        tree.follow()
    (note,) = mirrors(tree.container)
    assert note.wrong
    assert "ZeroDivisionError" in note.text
    assert table(tree.container)[0]["state"] == "fault"
    tree.turn()
    assert not any(note.wrong for note in mirrors(tree.container))
