"""A filter of system calls (seccomp(2)): a process that computes, reads and writes what is open.

A list of what may be called, and a refusal (EPERM) of all the rest: no file is opened, no process
or connection begun. It cannot be taken back, and needs no right of root's.
"""

from __future__ import annotations

import ctypes
import os

from extraction.confined.libc import last_error, library

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_LOAD, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x15, 0x06
_ALLOW, _REFUSE = 0x7FFF_0000, 0x0005_0000 | 1  # EPERM
_NUMBER_AT, _ARCHITECTURE_AT = 0, 4
#: linux/audit.h, and the numbers of calls as each architecture has them: read, write, close, fstat,
#: lseek, mmap, mprotect, munmap, brk, rt_sigaction, rt_sigprocmask, rt_sigreturn, mremap, madvise,
#: sched_yield, getpid, gettid, getrusage, gettimeofday, futex, clock_gettime, getrandom, rseq,
#: sigaltstack, restart_syscall, exit, exit_group.
_KNOWN: dict[str, tuple[int, tuple[int, ...]]] = {
    "x86_64": (
        0xC000_003E,
        (
            *(0, 1, 3, 5, 8, 9, 10, 11, 12, 13, 14, 15, 25, 28),
            *(24, 39, 186, 98, 96, 202, 228, 318, 334, 131, 219, 60, 231),
        ),
    ),
    "aarch64": (
        0xC000_00B7,
        (
            *(63, 64, 57, 80, 62, 222, 226, 215, 214, 134, 135, 139, 216, 233),
            *(124, 172, 178, 165, 169, 98, 113, 278, 293, 132, 128, 93, 94),
        ),
    ),
}


class _Instruction(ctypes.Structure):
    _fields_ = (
        ("code", ctypes.c_uint16),
        ("if_true", ctypes.c_uint8),
        ("if_false", ctypes.c_uint8),
        ("value", ctypes.c_uint32),
    )


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("first", ctypes.POINTER(_Instruction)))


def apply() -> None:
    """Filter the calls of this process from now on. Raises ``OSError`` where that is refused.

    The process must have given up new privileges before (``PR_SET_NO_NEW_PRIVS``).
    """
    machine = os.uname().machine
    if machine not in _KNOWN:
        raise OSError(f"no list of system calls for {machine}")
    program = _program(*_KNOWN[machine])
    first = (_Instruction * len(program))(*(_Instruction(*each) for each in program))
    whole = _Program(len(program), first)
    if library().prctl(_PR_SET_SECCOMP, _MODE_FILTER, ctypes.byref(whole), 0, 0) != 0:
        raise last_error("seccomp")


def _program(architecture: int, allowed: tuple[int, ...]) -> list[tuple[int, int, int, int]]:
    """Another architecture's calls, which have other numbers, are all refused."""
    count = len(allowed)
    jumps = [(_JUMP_IF_EQUAL, count - at, 0, number) for at, number in enumerate(allowed)]
    return [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_JUMP_IF_EQUAL, 0, count + 1, architecture),
        (_LOAD, 0, 0, _NUMBER_AT),
        *jumps,
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]
