"""The scan of the inbox, over real folders with everything that people drop."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from worker.inbox.inbox import EMPTY_FOLDER_SECONDS, LONGEST, TOO_LONG, InboxFile, Scan


def look(inbox: Path, now: float | None = None) -> tuple[dict[str, InboxFile], Scan]:
    """One scan: what was found by relative path, and the scan itself."""
    scan = Scan(inbox, time.time() if now is None else now)
    return {found.relative: found for found in scan.files()}, scan


def test_files_are_found_with_size_time_and_relative_path(tmp_path: Path) -> None:
    (tmp_path / "taz" / "2024").mkdir(parents=True)
    (tmp_path / "taz" / "2024" / "a.txt").write_text("12345")
    os.utime(tmp_path / "taz" / "2024" / "a.txt", (7, 7))
    found, scan = look(tmp_path)
    assert set(found) == {"taz/2024/a.txt"}
    assert found["taz/2024/a.txt"].seen.size == 5
    assert found["taz/2024/a.txt"].seen.mtime == 7
    assert found["taz/2024/a.txt"].path == tmp_path / "taz" / "2024" / "a.txt"
    assert not scan.left_alone


def test_ignored_names_and_all_below_ignored_folders_are_left_out(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").touch()
    for name in (".a", "a.part", "b~", "c.tmp", "d.txt"):
        (tmp_path / name).touch()
    found, scan = look(tmp_path)
    assert set(found) == {"d.txt"}
    assert not scan.left_alone


def test_links_are_not_followed_but_named(tmp_path: Path) -> None:
    inbox, outside = tmp_path / "inbox", tmp_path / "outside"
    inbox.mkdir()
    outside.mkdir()
    (outside / "secret.txt").touch()
    (inbox / "file").symlink_to(outside / "secret.txt")
    (inbox / "folder").symlink_to(outside)
    (inbox / "loop").symlink_to(inbox)
    (inbox / "dangling").symlink_to(inbox / "nothing")
    found, scan = look(inbox)
    assert not found
    assert set(scan.left_alone) == {"file", "folder", "loop", "dangling"}
    assert all("symbolic link" in why for why in scan.left_alone.values())


def test_pipes_and_sockets_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe")
    monkeypatch.chdir(tmp_path)  # a socket's path is limited to 108 bytes
    with socket.socket(socket.AF_UNIX) as one:
        one.bind("socket")
        found, scan = look(tmp_path)
    assert not found
    assert scan.left_alone == {"pipe": "a named pipe", "socket": "a socket"}


@pytest.mark.parametrize("name", [b"a\xff\xfe.txt", b"a\nb.txt", b"\x1b[31m.txt", b" ", b"-rf"])
def test_strange_names_can_be_opened_by_what_is_found(tmp_path: Path, name: bytes) -> None:
    (tmp_path / os.fsdecode(name)).write_text("x")
    found, _ = look(tmp_path)
    (one,) = found.values()
    assert os.fsencode(one.relative) == name
    assert one.path.read_text() == "x"


def test_a_file_that_vanishes_while_looking_is_passed_over(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / name).touch()
    files = Scan(tmp_path, time.time()).files()
    first = next(files)
    for path in tmp_path.iterdir():
        path.unlink()
    # What is listed may still be yielded from the listing, but nothing is raised.
    assert first.relative not in {found.relative for found in files}


def test_a_folder_that_vanishes_while_looking_is_passed_over(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").touch()
    files = Scan(tmp_path, time.time()).files()
    next(files)
    shutil.rmtree(tmp_path)
    assert len(list(files)) <= 2


def test_no_inbox_is_no_error(tmp_path: Path) -> None:
    found, scan = look(tmp_path / "inbox")
    assert not found
    assert not scan.left_alone


def test_an_empty_folder_goes_only_after_a_while(tmp_path: Path) -> None:
    folder = tmp_path / "taz"
    folder.mkdir()
    made = folder.stat().st_mtime
    look(tmp_path, made + EMPTY_FOLDER_SECONDS - 1)
    assert folder.is_dir()
    look(tmp_path, made + EMPTY_FOLDER_SECONDS + 1)
    assert not folder.exists()


def test_a_folder_with_anything_in_it_and_the_inbox_itself_stay(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    (inbox / "hidden").mkdir(parents=True)
    (inbox / "hidden" / ".keep").touch()
    (inbox / "full").mkdir()
    (inbox / "full" / "a.txt").touch()
    (inbox / "linked").mkdir()
    (inbox / "linked" / "link").symlink_to(tmp_path)
    look(inbox, time.time() + 1e6)
    assert (inbox / "hidden" / ".keep").exists()
    assert (inbox / "full" / "a.txt").exists()
    assert (inbox / "linked" / "link").is_symlink()
    (tmp_path / "empty").mkdir()
    look(tmp_path / "empty", time.time() + 1e6)
    assert (tmp_path / "empty").is_dir()


@pytest.fixture
def deep(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with a file beside 600 folders, one in another."""
    (tmp_path / "a.txt").touch()
    monkeypatch.chdir(tmp_path)
    for _ in range(600):
        Path("d").mkdir()
        os.chdir("d")
    yield tmp_path
    for _ in range(600):  # step by step: what removes trees is recursive, too
        os.chdir("..")
        Path("d").rmdir()


def test_a_very_deep_folder_does_not_end_the_scan(deep: Path) -> None:
    found, _ = look(deep)
    assert "a.txt" in found


def test_a_path_that_is_too_long_for_others_is_left_alone(tmp_path: Path) -> None:
    """Its folder can be listed, and it can be opened from there: by its whole path it cannot."""
    handle, names = os.open(tmp_path, os.O_RDONLY), ["n" * 250] * (LONGEST // 251)
    for name in names:
        os.mkdir(name, dir_fd=handle)
        above, handle = handle, os.open(name, os.O_RDONLY, dir_fd=handle)
        os.close(above)
    left = LONGEST - len("/".join(names)) - 1
    for name in ("k" * left, "k" * (left + 1)):
        os.close(os.open(name, os.O_CREAT | os.O_WRONLY, dir_fd=handle))
    os.close(handle)
    found, scan = look(tmp_path)
    assert [len(relative) for relative in found] == [LONGEST]
    assert {len(path): why for path, why in scan.left_alone.items()} == {LONGEST + 1: TOO_LONG}


def test_files_of_two_disks_in_the_inbox_are_two_also_by_the_number_of_an_inode(
    tmp_path: Path,
) -> None:
    """Red before: while the one was open the other, which it was taken for a link to, waited."""
    disks = [tmp_path / name for name in "ab"]
    try:
        for disk in disks:
            disk.mkdir()
            if subprocess.run(["mount", "-t", "tmpfs", "tmpfs", disk], check=False).returncode:
                pytest.skip("no file system can be mounted here")
            (disk / "a.txt").write_text("Text")
        assert len({(disk / "a.txt").stat().st_ino for disk in disks}) == 1
        assert len({file.seen.inode for file in Scan(tmp_path, 0.0).files()}) == 2
    finally:
        for disk in disks:
            subprocess.run(["umount", "-l", disk], check=False)


def test_of_what_is_left_alone_the_first_are_named_and_the_rest_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: a million links to a pipe took three gigabytes, by 30 MB of a folder."""
    monkeypatch.setattr("worker.inbox.inbox.MOST", 3)
    os.mkfifo(tmp_path / "pipe")
    for number in range(4):
        os.link(tmp_path / "pipe", tmp_path / f"{number}.txt")
    _, scan = look(tmp_path)
    assert (len(scan.left_alone), scan.more) == (3, 2)
