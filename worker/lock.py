"""A lock file that the kernel frees when its holder dies, and that nobody waits for without end."""

from __future__ import annotations

import fcntl
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
    with path.open("a") as file:
        _wait(file, path, seconds)
        yield


def _wait(file: IO[str], path: Path, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not _taken(file):
        if time.monotonic() > end:
            raise TimeoutError(f"another process holds {path}")
        time.sleep(_POLL_SECONDS)


def _taken(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
