"""No file at all (landlock(7)): a process that has this opens, makes and removes none.

Where the kernel knows more (ABI 4 and 6), no connection over TCP, no signal to others and no
abstract socket either. It cannot be taken back, and needs no right of root's.
"""

from __future__ import annotations

import ctypes
import os

from extraction.confined.libc import last_error, library

_CREATE, _RESTRICT_SELF = 444, 446
_VERSION = 1
#: How many rights over files each version of the interface knows.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
_MOST_FILE_RIGHTS, _TCP, _SCOPES = 16, 0b11, 0b11
_WITH_TCP, _WITH_SCOPES = 4, 6


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


def apply() -> None:
    """Take every right over files. Raises ``OSError`` where the kernel has no Landlock.

    The process must have given up new privileges before (``PR_SET_NO_NEW_PRIVS``).
    """
    version = _call(_CREATE, None, 0, _VERSION)
    rules = _Ruleset(
        (1 << _FILE_RIGHTS.get(version, _MOST_FILE_RIGHTS)) - 1,
        _TCP if version >= _WITH_TCP else 0,
        _SCOPES if version >= _WITH_SCOPES else 0,
    )
    size = 24 if version >= _WITH_SCOPES else 16 if version >= _WITH_TCP else 8
    handle = _call(_CREATE, ctypes.byref(rules), size, 0)
    try:
        _call(_RESTRICT_SELF, handle, 0)
    finally:
        os.close(handle)


def _call(number: int, *arguments: object) -> int:
    words = [ctypes.c_size_t(each) if isinstance(each, int) else each for each in arguments]
    answer: int = library().syscall(ctypes.c_long(number), *words)
    if answer < 0:
        raise last_error("landlock")
    return answer
