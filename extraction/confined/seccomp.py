"""A filter of system calls (seccomp(2)): a process that computes, reads and writes what is open.

A list of what may be called, and a refusal (EPERM) of all the rest: no file is opened, no process
or connection begun. A program of the system's that this process becomes may open files too, to read
them alone. It cannot be taken back, and needs no right of root's.
"""

from __future__ import annotations

import ctypes
import os
from functools import cache

from extraction.confined.libc import last_error, prctl

_PR_SET_SECCOMP, _MODE_FILTER = 22, 2
_LOAD, _JUMP_IF_EQUAL, _JUMP_IF_ANY, _RETURN = 0x20, 0x15, 0x45, 0x06
_ALLOW, _REFUSE = 0x7FFF_0000, 0x0005_0000 | 1  # EPERM
_NUMBER_AT, _ARCHITECTURE_AT, _FLAGS_AT = 0, 4, 32
#: Of openat(2): to write, make or empty a file.
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
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

#: What a program calls besides, from its start on, and openat: execve, newfstatat, pread64,
#: prlimit64, fcntl, set_robust_list, set_tid_address, access or faccessat, sysinfo, uname, getcwd,
#: sched_getaffinity, readlink or readlinkat, getdents64, getppid, getuid, geteuid, getgid, getegid,
#: readv, writev, statx; of x86-64 alone arch_prctl, stat, lstat and faccessat.
_OF_PROGRAMS: dict[str, tuple[int, tuple[int, ...]]] = {
    "x86_64": (
        257,
        (
            *(59, 262, 17, 302, 72, 273, 218, 21, 99, 63, 79, 204, 89, 217, 110),
            *(102, 107, 104, 108, 19, 20, 332, 158, 4, 6, 269),
        ),
    ),
    "aarch64": (
        56,
        (
            *(221, 79, 67, 261, 25, 99, 96, 48, 179, 160, 17, 123, 78, 61, 173),
            *(174, 175, 176, 177, 65, 66, 291),
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


def apply(*, program: bool = False) -> None:
    """Filter the calls of this process from now on. Raises ``OSError`` where that is refused.

    ``program``: it is to become one of the system's.

    The process must have given up new privileges before (``PR_SET_NO_NEW_PRIVS``).
    """
    if prctl()(_PR_SET_SECCOMP, _MODE_FILTER, _filter_at(program), 0, 0) != 0:
        raise last_error("seccomp")


def prepare() -> None:
    """Make what ``apply`` needs, once, before many processes are forked that call it.

    Raises ``OSError`` for a machine whose calls are not known.
    """
    _filter_at(False)


@cache
def _filter_at(program: bool = False) -> int:
    """Return the address of this machine's filter, which ``filter_of`` keeps."""
    return ctypes.addressof(filter_of(os.uname().machine, program=program))


@cache
def filter_of(machine: str, *, program: bool = False) -> _Program:
    """Return the filter, made once: a process that forks many has it made before.

    Raises ``OSError`` for a machine whose calls are not known.
    """
    if machine not in _KNOWN:
        raise OSError(f"no list of system calls for {machine}")
    architecture, allowed = _KNOWN[machine]
    opens, more = _OF_PROGRAMS[machine] if program else (None, ())
    steps = _program(architecture, (*allowed, *more), opens)
    first = (_Instruction * len(steps))(*(_Instruction(*each) for each in steps))
    return _Program(len(steps), first)


def _program(
    architecture: int, allowed: tuple[int, ...], opens: int | None
) -> list[tuple[int, int, int, int]]:
    """Another architecture's calls, which have other numbers, are all refused.

    ``opens`` is the call that opens files, allowed without a flag of ``_WRITES``.
    """
    reads = [
        (_JUMP_IF_EQUAL, 0, 2, opens or 0),
        (_LOAD, 0, 0, _FLAGS_AT),
        (_JUMP_IF_ANY, 0, 1, _WRITES),
    ]
    reads = reads if opens else []
    count = len(allowed) + len(reads)
    jumps = [(_JUMP_IF_EQUAL, count - at, 0, number) for at, number in enumerate(allowed)]
    return [
        (_LOAD, 0, 0, _ARCHITECTURE_AT),
        (_JUMP_IF_EQUAL, 0, count + 1, architecture),
        (_LOAD, 0, 0, _NUMBER_AT),
        *jumps,
        *reads,
        (_RETURN, 0, 0, _REFUSE),
        (_RETURN, 0, 0, _ALLOW),
    ]
