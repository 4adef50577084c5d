"""Does anybody hold a file open for writing? Asked of the kernel, on real files."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from worker.inbox import lease


@pytest.fixture(autouse=True)
def _survive() -> Iterator[None]:
    before = signal.getsignal(signal.SIGIO)
    lease.survive_broken_leases()
    yield
    signal.signal(signal.SIGIO, before)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file where leases are granted; skips where the kernel or the file system grants none."""
    path = tmp_path / "a.txt"
    path.write_text("Text")
    if lease.open_writer(path) is None:
        pytest.skip("no leases here: another kernel, a network mount, or a file of someone else")
    return path


def test_a_closed_file_has_no_writer(file: Path) -> None:
    assert lease.open_writer(file) is False


@pytest.mark.parametrize("mode", ["ab", "r+b", "wb"])
def test_an_open_writer_is_seen_until_it_closes(file: Path, mode: str) -> None:
    with file.open(mode):
        assert lease.open_writer(file) is True
    assert lease.open_writer(file) is False


def test_a_reader_is_no_writer(file: Path) -> None:
    with file.open("rb"):
        assert lease.open_writer(file) is False


def test_a_writer_in_another_process_is_seen_after_a_rename(file: Path) -> None:
    code = "import sys; f = open(sys.argv[1], 'ab'); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"open\n"
        moved = file.rename(file.with_name("b.txt"))
        assert lease.open_writer(moved) is True
        writer.communicate()
    assert lease.open_writer(moved) is False


def test_no_lease_is_left_behind(file: Path) -> None:
    lease.open_writer(file)
    handle = os.open(file, os.O_WRONLY | os.O_NONBLOCK)  # EWOULDBLOCK where a lease is still held
    os.close(handle)


def test_a_writer_who_comes_while_a_lease_is_held_ends_nobody(file: Path) -> None:
    """The kernel sends SIGIO to the lease's holder; by default that would end the process."""
    fcntl = pytest.importorskip("fcntl")
    handle = os.open(file, os.O_RDONLY)
    fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    writer = threading.Thread(target=lambda: file.open("ab").close())
    writer.start()
    writer.join(0.1)
    os.close(handle)
    writer.join(5)
    assert not writer.is_alive()


def test_a_named_pipe_does_not_block(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)

    def ask() -> None:
        with suppress(OSError):  # it is no file, which is no matter of this test
            lease.open_writer(pipe)

    asked = threading.Thread(target=ask, daemon=True)
    asked.start()
    asked.join(5)
    assert not asked.is_alive()


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    (tmp_path / "link").symlink_to(tmp_path / "a")
    with pytest.raises(OSError, match=os.strerror(errno.ELOOP)):
        lease.open_writer(tmp_path / "link")


def test_what_is_gone_raises(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        lease.open_writer(tmp_path / "gone")


def test_where_no_lease_is_granted_it_says_that_it_cannot_tell() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert lease.writer_on(ours.fileno()) is None


def test_who_holds_a_lease_of_his_own_is_a_writer(file: Path) -> None:
    """Nobody else opens it then: the kernel lets us wait, or says that we would have to."""
    fcntl = pytest.importorskip("fcntl")
    handle = os.open(file, os.O_RDONLY)
    fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_WRLCK)
    assert lease.open_writer(file) is True
    os.close(handle)
    assert lease.open_writer(file) is False
