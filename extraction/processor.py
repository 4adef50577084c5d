"""Processor time that work may take: what has no end is given up, and nothing else with it.

Of the processor, not of the clock: no article is at fault where a machine is busy or asleep.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import NoReturn

from articles.errors import TooSlow


@contextmanager
def within(seconds: float, late: TooSlow) -> Iterator[None]:
    """Raise ``late`` inside when the ``seconds`` (more than 0) are used up.

    Between two steps of Python's, and inside of its regular expressions: another C function that
    does not come back is not interrupted. In other threads than the first nothing is measured.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def over(_signal: int, _frame: FrameType | None) -> NoReturn:
        raise late

    before = signal.signal(signal.SIGPROF, over)
    # Again and again: what is raised inside a finaliser goes nowhere.
    signal.setitimer(signal.ITIMER_PROF, seconds, seconds)
    try:
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    finally:  # it may have ended at this very moment, and raised before that was done
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
