"""The C library, for what Python's own has not.

A child that is forked copies each page that it writes to, and Python writes to whatever it looks
at. So what children call is made ready before, and their fork is the system's own.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from functools import cache


@cache
def library() -> ctypes.CDLL:
    """Return it, loaded once: before a process is forked that can open nothing."""
    loaded = ctypes.CDLL(None, use_errno=True)
    loaded.syscall.restype = ctypes.c_long
    return loaded


@cache
def prctl() -> Callable[..., int]:
    """Return prctl(2), with its types: found out at each call they cost a child 70 to 130 pages."""
    types = (ctypes.c_int, ctypes.c_ulong, ctypes.c_void_p, ctypes.c_ulong, ctypes.c_ulong)
    return ctypes.CFUNCTYPE(ctypes.c_int, *types, use_errno=True)(("prctl", library()))


@cache
def bare_fork() -> Callable[[], int]:
    """Return fork(2) without what Python does for threads, locks and random numbers.

    That costs a child 200 pages. For a process of one thread, whose children only compute: theirs
    are the parent's random numbers. It raises ``OSError`` as ``os.fork`` does.
    """
    begin = ctypes.PyDLL(None, use_errno=True).fork  # keeps the interpreter's lock

    def fork() -> int:
        child: int = begin()
        if child < 0:
            raise last_error("fork")
        return child

    return fork


def last_error(call: str) -> OSError:
    """Return why the last call was refused."""
    number = ctypes.get_errno()
    return OSError(number, os.strerror(number), call)
