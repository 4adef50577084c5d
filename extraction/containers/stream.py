"""A stream of bytes out of a function that reads."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import cast

_BUFFER = 1 << 17


class _Reading(io.RawIOBase):
    def __init__(self, read: Callable[[int], bytes]) -> None:
        super().__init__()
        self._read = read

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        view = memoryview(cast("bytearray", buffer))
        data = self._read(len(view))
        view[: len(data)] = data
        return len(data)


def buffered(read: Callable[[int], bytes]) -> io.BufferedReader:
    """Return a stream of what ``read`` gives for a number of bytes at most; nothing is the end."""
    return io.BufferedReader(_Reading(read), _BUFFER)
