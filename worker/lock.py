"""Locks that the kernel frees with their holder; a lock file that nobody waits for without end."""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

_POLL_SECONDS = 0.02


@contextmanager
def locked(path: Path, seconds: float) -> Iterator[None]:
    """Hold the lock ``path`` while inside.

    Raises ``TimeoutError`` where another process, which may hang, still holds it after so long;
    ``OSError`` where the file cannot be made.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags, 0o600), "a") as file:
        _wait(file, path, seconds)
        yield


def _wait(file: IO[str], path: Path, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not taken(file):
        if time.monotonic() > end:
            raise TimeoutError(f"another process holds {path}")
        time.sleep(_POLL_SECONDS)


def taken(file: IO[str] | int, how: int = fcntl.LOCK_EX) -> bool:
    """Lock an open file or folder, if nobody holds it against that; whether it is locked now."""
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def is_still(handle: int, path: Path) -> bool:
    """Whether an open file still lies at the path: a lock on one that went is a lock on nothing."""
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
