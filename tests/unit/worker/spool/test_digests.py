"""Digests: nothing above the limit is read, and nothing at all where a lock is held."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest

from worker import beneath
from worker.folders import Folders
from worker.spool import digests as made
from worker.spool.digests import Digests, Unhashed
from worker.spool.disk import answers
from worker.spool.settle import Reason, archive, archived_as, fail, left_as, look_ahead

WHY = Reason("x", "parse")
TERABYTES = 4 * 2**40


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    return Folders(tmp_path / "data").prepare()


@pytest.fixture
def hole(folders: Folders) -> Callable[[], Path]:
    """Makes a file that says it has four terabytes."""

    def made() -> Path:
        path = folders.spool / f"hole-{os.urandom(4).hex()}"
        with path.open("wb") as file:
            file.truncate(TERABYTES)
        return path

    return made


def test_a_hole_whose_name_is_taken_is_not_hashed(
    folders: Folders, hole: Callable[[], Path]
) -> None:
    (folders.failed / "a.txt").write_text("a")
    targets = {fail(folders, hole(), "a.txt", WHY) for _ in range(3)}
    assert len(targets) == 3
    assert len(list(folders.failed.glob("a*.txt"))) == 4


def test_a_hole_in_the_archive_is_not_hashed(folders: Folders, hole: Callable[[], Path]) -> None:
    hole().rename(folders.archive / "a.txt")
    file = folders.spool / "a"
    file.write_text("a")
    target = archive(folders, file, "a.txt")
    assert target
    assert target.read_text() == "a"
    assert archived_as(folders, "a.txt", "0" * 64) is None


def test_a_link_that_comes_twice_is_one_file_however_large(
    folders: Folders, hole: Callable[[], Path]
) -> None:
    first, again = hole(), folders.spool / "again"
    os.link(first, again)
    assert fail(folders, first, "a.txt", WHY) == fail(folders, again, "a.txt", WHY)
    assert not again.exists()


@pytest.mark.parametrize("relative", ["a.txt", "taz/a.txt"])
def test_what_is_hashed_before_the_lock_is_not_hashed_under_it(
    folders: Folders, relative: str
) -> None:
    (folders.archive / "taz").write_text("a file where a folder is wanted")
    (folders.archive / "taz~").mkdir()
    for name in ("a.txt", "taz~/a.txt"):
        (folders.archive / name).write_text("1")
    file = folders.spool / "file"
    file.write_text("2")
    digests = Digests(frozen=True)
    with pytest.raises(Unhashed):
        archive(folders, file, relative, digests)
    digests.frozen = False
    look_ahead(folders, file, relative, digests, failed=False)
    digests.frozen = True
    assert archive(folders, file, relative, digests)
    assert not file.exists()


@pytest.fixture
def unreadable(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if the system gave back nothing of `a.txt` in any folder."""
    real = beneath.open_file

    def opened(name: str, handle: int) -> int:
        if name == "a.txt":
            raise OSError(errno.ENOKEY, "Required key not available")
        return real(name, handle)

    monkeypatch.setattr(beneath, "open_file", opened)


def test_what_alone_cannot_be_read_keeps_no_other_of_its_name_waiting(
    folders: Folders, unreadable: None
) -> None:
    (folders.failed / "a.txt").write_text("1")
    (folders.archive / "a.txt").write_text("1")
    for end in ("archive", "failed"):
        file = folders.spool / "file"
        file.write_text("2")
        to_archive = end == "archive"
        move = partial(archive, folders) if to_archive else partial(fail, folders, reason=WHY)
        target = move(file=file, relative="a.txt")
        assert target
        assert target.name != "a.txt"
        assert target.read_text() == "2"


def test_nor_a_purge_under_its_name_from_going_on(folders: Folders, unreadable: None) -> None:
    (folders.failed / "a.txt").write_text("1")
    ((path, why),) = left_as(folders.failed, "a.txt", sha256(b"1").hexdigest(), 1)
    assert (path, "Required key not available" in why) == (folders.failed / "a.txt", True)


def test_where_the_disk_is_away_nothing_is_taken_for_another(
    folders: Folders, unreadable: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made, "answers", lambda _: False)
    (folders.failed / "a.txt").write_text("1")
    file = folders.spool / "file"
    file.write_text("2")
    with pytest.raises(OSError, match="Required key"):
        fail(folders, file, "a.txt", WHY)
    with pytest.raises(OSError, match="Required key"):
        list(left_as(folders.failed, "a.txt", sha256(b"1").hexdigest(), 1))
    assert file.read_text() == "2"


def test_a_disk_answers_that_gives_back_what_is_written_and_keeps_none_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert answers(tmp_path)
    assert list(tmp_path.iterdir()) == []
    assert not answers(tmp_path / "away")

    def away(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(os, "fsync", away)
    assert not answers(tmp_path)
    assert list(tmp_path.iterdir()) == []
