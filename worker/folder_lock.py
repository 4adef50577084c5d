"""A lock on a folder itself: nobody can delete it away, and the kernel frees it with its holder.

A lock file that goes, with ``run/`` say, is a lock on nothing: the next one makes a new file, and
both hold theirs. A folder in which somebody works stays.
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from worker.lock import is_still, taken

#: Where a file system locks no folders (NFS) it is this file in the folder.
LOCK_FILE = ".lock"

_NO_FOLDERS = {errno.EBADF, errno.EINVAL, errno.ENOLCK, errno.ENOTSUP}
_PAUSE = 0.05


@contextmanager
def held(folder: Path, seconds: float = 0.0) -> Iterator[bool]:
    """Hold the folder while inside; False where somebody else still does after so many seconds."""
    deadline = time.monotonic() + seconds
    while (handle := _taken(folder, fcntl.LOCK_EX)) is None and time.monotonic() < deadline:
        time.sleep(_PAUSE)
    try:
        yield handle is not None
    finally:
        if handle is not None:
            os.close(handle)


@contextmanager
def held_in_turn(folder: Path, waiting: Callable[[], None]) -> Iterator[None]:
    """Hold the folder while inside; ``waiting`` is called once if somebody else does."""
    handle = _taken(folder, fcntl.LOCK_EX)
    if handle is None:
        waiting()
        while (handle := _taken(folder, fcntl.LOCK_EX)) is None:
            time.sleep(_PAUSE)
    try:
        yield
    finally:
        os.close(handle)


def is_held(folder: Path) -> bool:
    """Whether somebody holds it now. One who takes it at this moment has to try for a while."""
    try:
        handle = _taken(folder, fcntl.LOCK_SH)
    except FileNotFoundError:
        return False
    if handle is not None:
        os.close(handle)
    return handle is None


def _taken(folder: Path, how: int) -> int | None:
    """A handle that holds the lock, or None where somebody else does."""
    try:
        return _locked(os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC), how)
    except OSError as error:
        if error.errno not in _NO_FOLDERS:
            raise
    path = folder / LOCK_FILE
    handle = _locked(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), how)
    if handle is None or is_still(handle, path):
        return handle
    os.close(handle)
    return None


def _locked(handle: int, how: int) -> int | None:
    mine = False
    try:
        mine = taken(handle, how)
    finally:
        if not mine:
            os.close(handle)
    return handle if mine else None
