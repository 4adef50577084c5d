"""What a process takes from itself before it reads what others have written.

Limits of the system (setrlimit(2)), no new privileges, and, on Linux, Landlock and seccomp: each
alone keeps it from files, both are asked for, since a system may refuse one.
"""

from __future__ import annotations

import os
import resource
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from extraction.confined import landlock, seccomp
from extraction.confined.libc import prctl

_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_HANDLES = 16
#: Handles of a confined process: the standard ones, and the one by which it answers.
KEPT, _MOST = 4, 1024


def end_with_parent() -> None:
    """Have the kernel end this process when the one that began it ends, however that ends."""
    if sys.platform == "linux":
        prctl()(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def prepare() -> None:
    """Make what ``confine`` needs, once, before many processes are forked that call it."""
    if sys.platform != "linux":
        return
    prctl()
    for make in (seccomp.prepare, landlock.prepare):
        with suppress(OSError):
            make()


def confine(seconds: int, memory: int) -> None:
    """Take all rights but to compute; ``memory`` is the most bytes of address space.

    Of what is open the first handles stay (``KEPT``). What the system refuses is passed over here:
    ``still_possible`` tells what that leaves.
    """
    _apply(landlock.apply)  # by a handle, which goes with the others
    os.closerange(KEPT, _MOST)
    _limit(seconds, memory)
    _apply(seccomp.apply)


def confine_program(seconds: int, memory: int, readable: Sequence[str]) -> None:
    """The same before this process becomes a program of the system's.

    That may read, and run, what is below the ``readable`` paths, and open nothing to write.
    """
    _limit(seconds, memory)
    _apply(lambda: landlock.apply(readable), lambda: seccomp.apply(program=True))


def _limit(seconds: int, memory: int) -> None:
    limits = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: _HANDLES,
        resource.RLIMIT_CPU: seconds,
        resource.RLIMIT_NPROC: 0,
        resource.RLIMIT_AS: memory,
    }
    for limit, value in limits.items():
        with suppress(ValueError, OSError):  # a lower one holds already; macOS has no RLIMIT_AS
            resource.setrlimit(limit, (value, value + (limit == resource.RLIMIT_CPU)))


def _apply(*filters: Callable[[], None]) -> None:
    if sys.platform != "linux":
        return
    prctl()(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    for apply in filters:
        with suppress(OSError):
            apply()


def still_possible() -> list[str]:
    """Try what a confined process must not be able to, and name what it is able to."""
    tries: dict[str, Callable[[], object]] = {
        "reading files": lambda: os.close(os.open("/", os.O_RDONLY)),
        "writing files": lambda: os.close(os.open("/dev/null", os.O_WRONLY)),
        "beginning processes": _fork,
        "reaching the network": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).close(),
    }
    return [what for what, attempt in tries.items() if _succeeds(attempt)]


def _succeeds(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True


def _fork() -> None:
    if child := os.fork():
        os.waitpid(child, 0)
    else:
        os._exit(0)


def used() -> int:
    """Return how many bytes of address space this process has."""
    with suppress(OSError, ValueError):
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[0]
        return int(pages) * resource.getpagesize()
    return 0
