"""Look through a tree that may be other people's: by open folders, no link followed."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from worker import beneath
from worker.file_numbers import kept_number, kept_time
from worker.inbox.inbox import DEEPEST, LONGEST
from worker.inbox.names import ignored
from worker.mirror.difference import Entry, Look


def listing(root: int, mounts: set[bytes] | None = None) -> Iterator[Entry]:
    """Every regular file below an open folder, in the order of the paths as bytes.

    ``mounts`` gets the folders below it that lie on another disk than the one above them.

    Names that are none of articles, links, pipes, and what is nested too deep or named too long
    are left out. In memory are the names of the folders on the way alone.
    """
    yield from _folder(root, b"", 0, set() if mounts is None else mounts)


def _folder(handle: int, prefix: bytes, depth: int, mounts: set[bytes]) -> Iterator[Entry]:
    try:
        names = _names(handle)
    except OSError:
        yield Entry(prefix, None)
        return
    for name in names:
        if name.endswith(b"/"):
            yield from _below(handle, prefix + name, depth + 1, mounts)
        elif len(prefix) + len(name) <= LONGEST:
            yield from _file(handle, name, prefix + name)


def _names(handle: int) -> list[bytes]:
    """In the order of the paths: a folder's name goes on with a slash."""
    with os.scandir(handle) as entries:
        return sorted(
            os.fsencode(entry.name) + b"/" * entry.is_dir(follow_symlinks=False)
            for entry in entries
            if not ignored(entry.name)
        )


def _below(handle: int, prefix: bytes, depth: int, mounts: set[bytes]) -> Iterator[Entry]:
    if depth > DEEPEST:
        return
    try:
        below = os.open(prefix[:-1].rpartition(b"/")[2], beneath.FOLDER, dir_fd=handle)
    except (FileNotFoundError, NotADirectoryError):
        return  # it went, or something else took its place
    except OSError:
        yield Entry(prefix, None)
        return
    try:
        if _is_mount(handle, below):
            mounts.add(prefix)
        yield from _folder(below, prefix, depth, mounts)
    finally:
        os.close(below)


def _is_mount(above: int, below: int) -> bool:
    """Whether something is mounted at the open folder in another one.

    A device of its own is not enough: on btrfs anybody makes a subvolume, which has one, and
    removes it.
    """
    if os.fstat(above).st_dev == os.fstat(below).st_dev:
        return False
    try:
        return _mount_of(above) != _mount_of(below)
    except (OSError, LookupError):  # no Linux
        return True


def _mount_of(handle: int) -> str:
    told = Path(f"/proc/self/fdinfo/{handle}").read_text().splitlines()
    return dict(line.split(":", 1) for line in told)["mnt_id"]


def _file(handle: int, name: bytes, path: bytes) -> Iterator[Entry]:
    try:
        status = os.stat(name, dir_fd=handle, follow_symlinks=False)
    except FileNotFoundError:
        return
    except OSError:
        yield Entry(path, None)
        return
    if stat.S_ISREG(status.st_mode):
        yield Entry(path, look_of(status))


def look_of(status: os.stat_result) -> Look:
    """Of what the system says, as the state of a mirror can keep it."""
    written, arranged = kept_time(status.st_mtime_ns), kept_time(status.st_ctime_ns)
    return Look(status.st_size, written, kept_number(status.st_ino), arranged)
