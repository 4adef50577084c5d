"""No file at all, or some to read (landlock(7)): a process that has this makes and removes none.

Where the kernel knows more (ABI 4 and 6), no connection over TCP, no signal to others and no
abstract socket either. It cannot be taken back, and needs no right of root's.
"""

from __future__ import annotations

import ctypes
import fcntl
import os
from collections.abc import Callable, Sequence
from functools import cache
from stat import S_ISDIR

from extraction.confined.libc import last_error, library

_CREATE, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_BENEATH = 1
#: To execute and to read a file, and to read a folder.
_FILE, _FOLDER = 0b0101, 0b1101
_VERSION = 1
#: How many rights over files each version of the interface knows.
_FILE_RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15}
_MOST_FILE_RIGHTS, _TCP, _SCOPES = 16, 0b11, 0b11
_WITH_TCP, _WITH_SCOPES = 4, 6
#: Below it are the standard handles of a process, and the one by which it answers.
_ABOVE = 4


class _Ruleset(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def apply(readable: Sequence[str] = ()) -> None:
    """Take every right over files. Raises ``OSError`` where the kernel has no Landlock.

    What is ``readable``, and all below it, may still be read and executed. The process must have
    given up new privileges before (``PR_SET_NO_NEW_PRIVS``).
    """
    if not readable:
        _restrict(_nothing())
        return
    handle = _ruleset()
    try:
        for path in readable:
            _allow(handle, path)
        _restrict(handle)
    finally:
        os.close(handle)


def prepare() -> None:
    """Make what ``apply`` needs, once, before many processes are forked that call it.

    Raises ``OSError`` where the kernel has no Landlock.
    """
    _nothing()
    _restrict_self()


@cache
def _nothing() -> int:
    """Return a handle of the rules that allow no file: made once, before many processes are forked.

    It is above those that they have as their own.
    """
    handle = _ruleset()
    try:
        return fcntl.fcntl(handle, fcntl.F_DUPFD_CLOEXEC, _ABOVE)
    finally:
        os.close(handle)


def _ruleset() -> int:
    version = _call(_CREATE, None, 0, _VERSION)
    rules = _Ruleset(
        (1 << _FILE_RIGHTS.get(version, _MOST_FILE_RIGHTS)) - 1,
        _TCP if version >= _WITH_TCP else 0,
        _SCOPES if version >= _WITH_SCOPES else 0,
    )
    size = 24 if version >= _WITH_SCOPES else 16 if version >= _WITH_TCP else 8
    return _call(_CREATE, ctypes.byref(rules), size, 0)


def _restrict(ruleset: int) -> None:
    if _restrict_self()(_RESTRICT_SELF, ruleset, 0) != 0:
        raise last_error("landlock")


@cache
def _restrict_self() -> Callable[..., int]:
    """Return syscall(2) with its types, for children (``libc``)."""
    types = (ctypes.c_long, ctypes.c_long, ctypes.c_long)
    return ctypes.CFUNCTYPE(ctypes.c_long, *types, use_errno=True)(("syscall", library()))


def _allow(ruleset: int, path: str) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:  # not on this system
        return
    try:
        rights = _FOLDER if S_ISDIR(os.fstat(place).st_mode) else _FILE
        _call(_ADD_RULE, ruleset, _BENEATH, ctypes.byref(_PathBeneath(rights, place)), 0)
    finally:
        os.close(place)


def _call(number: int, *arguments: object) -> int:
    words = [ctypes.c_size_t(each) if isinstance(each, int) else each for each in arguments]
    answer: int = library().syscall(ctypes.c_long(number), *words)
    if answer < 0:
        raise last_error("landlock")
    return answer
