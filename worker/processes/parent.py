"""End with the parent: what outlives a killed `up` or worker would work beside the next one."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

#: Set in the environment of the processes that a supervisor starts.
SUPERVISED = "DEPESCHE_SUPERVISED"

_PR_SET_PDEATHSIG = 1


def is_supervised() -> bool:
    """Whether this process was started by a supervisor."""
    return bool(os.environ.get(SUPERVISED))


def end_with_supervisor() -> None:
    """Have the kernel send SIGTERM when the supervisor dies (Linux; elsewhere nothing)."""
    supervisor = os.environ.get(SUPERVISED)
    if supervisor:
        _end_with(int(supervisor), signal.SIGTERM)


def end_with_parent(parent: int) -> None:
    """Have the kernel kill this child when its parent dies (Linux; elsewhere nothing)."""
    _end_with(parent, signal.SIGKILL)


def _end_with(parent: int, number: signal.Signals) -> None:
    if sys.platform != "linux":
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, number)
    if os.getppid() != parent:  # it died before we asked
        os.kill(os.getpid(), number)
