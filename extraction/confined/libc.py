"""The C library, for what Python's own has not."""

from __future__ import annotations

import ctypes
import os
from functools import cache


@cache
def library() -> ctypes.CDLL:
    """Return it, loaded once: before a process is forked that can open nothing."""
    loaded = ctypes.CDLL(None, use_errno=True)
    loaded.syscall.restype = ctypes.c_long
    return loaded


def last_error(call: str) -> OSError:
    """Return why the last call was refused."""
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number), call)
