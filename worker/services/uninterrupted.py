"""A moment in which nobody may stop us: what comes meanwhile is delivered behind it."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

_STOPS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Hold Ctrl-C and SIGTERM back while inside; only the main thread gets any."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    received: list[int] = []
    handlers = {
        stop: signal.signal(stop, lambda number, _: received.append(number)) for stop in _STOPS
    }
    try:
        yield
    finally:
        for stop, handler in handlers.items():
            signal.signal(stop, handler if handler is not None else signal.SIG_DFL)
        for number in received[:1]:
            signal.raise_signal(number)
