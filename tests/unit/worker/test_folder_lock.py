"""A folder's lock: one holder, free when it dies, and nothing in the folder to be deleted."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from worker.folder_lock import LOCK_FILE, held, held_in_turn, is_held
from worker.folders import Folders

HOLD = """
import sys, time
from pathlib import Path
from worker.folder_lock import held
with held(Path(sys.argv[1])) as mine:
    print(mine, flush=True)
    time.sleep(60)
"""


@pytest.fixture(params=["a folder can be locked", "only files can"])
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Path:
    """On a usual file system, and on one that refuses to lock a folder, as NFS does."""
    if request.param == "only files can":
        monkeypatch.setattr("worker.folder_lock.fcntl.flock", _refusing(fcntl.flock))
    return tmp_path


def _refusing(flock: Callable[[int, int], None]) -> Callable[[int, int], None]:
    def lock(handle: int, how: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EBADF, "Bad file descriptor")
        flock(handle, how)

    return lock


def test_one_holds_it_and_the_next_when_it_is_free(folder: Path) -> None:
    assert not is_held(folder)
    with held(folder) as mine:
        assert mine
        assert is_held(folder)
        with held(folder) as theirs:
            assert not theirs
        assert is_held(folder), "who was refused has freed nothing"
    with held(folder) as mine:
        assert mine


def test_it_is_free_when_its_holder_is_killed(tmp_path: Path) -> None:
    words = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as holder:
        assert holder.stdout
        assert holder.stdout.readline() == "True\n"
        assert is_held(tmp_path)
        holder.kill()
    with held(tmp_path, seconds=30) as mine:
        assert mine


def test_whatever_is_deleted_it_is_still_held(tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    with held(tmp_path):
        (tmp_path / "run").rmdir()
        assert list(tmp_path.iterdir()) == []
        with held(tmp_path) as second:
            assert not second


def test_a_lock_file_that_was_replaced_is_no_lock(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where it has to be a file: who gets one that is gone by then holds nothing, and tries on."""
    flock = _refusing(fcntl.flock)

    def lock(handle: int, how: int) -> None:
        flock(handle, how)
        monkeypatch.setattr("worker.folder_lock.fcntl.flock", flock)
        (tmp_path / LOCK_FILE).unlink()

    monkeypatch.setattr("worker.folder_lock.fcntl.flock", lock)
    with held(tmp_path) as mine:
        assert not mine
    with held(tmp_path) as mine:
        assert mine


def test_who_waits_says_so_once(folder: Path) -> None:
    said = []
    with held_in_turn(folder, lambda: said.append("waiting")):
        assert said == []
    outer = held(folder)
    outer.__enter__()

    def waiting() -> None:
        said.append("waiting")
        outer.__exit__(None, None, None)

    with held_in_turn(folder, waiting):
        assert said == ["waiting"]
        assert is_held(folder)


def test_a_folder_that_is_not_there_is_held_by_nobody(tmp_path: Path) -> None:
    assert not is_held(tmp_path / "none")
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (0o755, 0o711),
        (0o777, 0o711),
        (0o711, 0o711),
        (0o750, 0o750),  # a group's, on purpose
        (0o770, 0o750),
        (0o2775, 0o2751),
        (0o1777, 0o1711),
    ],
)
def test_nobody_else_may_list_or_rename_what_is_locked_and_all_may_pass(
    tmp_path: Path, before: int, after: int
) -> None:
    tmp_path.chmod(before)
    assert Folders(tmp_path).hide() is (before != after)
    assert stat.S_IMODE(tmp_path.stat().st_mode) == after
    assert not Folders(tmp_path).hide()
