"""Files that somebody else keeps."""

from __future__ import annotations

import fcntl
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


@pytest.fixture
def leased() -> Iterator[Callable[[Path], Callable[[], None]]]:
    """Keeps a file from being opened, as who may write it can, until it is let go."""
    setlease = getattr(fcntl, "F_SETLEASE", None) or pytest.skip("only Linux has leases")
    ignored, handles = signal.signal(signal.SIGIO, signal.SIG_IGN), list[int]()

    def lease(path: Path) -> Callable[[], None]:
        handles.append(os.open(path, os.O_RDWR))
        try:
            fcntl.fcntl(handles[-1], setlease, fcntl.F_WRLCK)
        except OSError:
            pytest.skip("this file system has none")
        return lambda: os.close(handles.pop())

    yield lease
    for handle in handles:
        os.close(handle)
    signal.signal(signal.SIGIO, ignored)
