"""Files with times that no clock shows, and faults of ours: neither ends a mirror unsaid."""

from __future__ import annotations

import os
from pathlib import Path
from types import SimpleNamespace

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


@pytest.mark.skipif(not Path("/proc/self/fdinfo").is_dir(), reason="Linux tells of mounts there")
def test_what_has_a_device_of_its_own_is_a_mount_only_where_something_is_mounted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Red before: a subvolume that anybody had made and removed was a disk that is away."""
    (tmp_path / "urlaub").mkdir()
    names = ("/", "/proc", tmp_path, tmp_path / "urlaub")
    top, proc, above, below = handles = [os.open(name, os.O_RDONLY) for name in names]
    assert listing._is_mount(top, proc)
    assert not listing._is_mount(above, below)
    there = {above: SimpleNamespace(st_dev=1), below: SimpleNamespace(st_dev=2)}
    monkeypatch.setattr(os, "fstat", there.__getitem__)  # as btrfs has it
    assert not listing._is_mount(above, below)
    monkeypatch.undo()
    for handle in handles:
        os.close(handle)
