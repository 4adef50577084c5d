"""End with the supervisor: children that outlived a killed `up` would work beside the next one."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

#: Set in the environment of the processes that a supervisor starts.
SUPERVISED = "DEPESCHE_SUPERVISED"

_PR_SET_PDEATHSIG = 1


def end_with_supervisor() -> None:
    """Have the kernel send SIGTERM when the supervisor dies (Linux; elsewhere nothing)."""
    if os.environ.get(SUPERVISED) and sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
