"""File-system events, as a hint that a look is worth while."""

from __future__ import annotations

import threading
from pathlib import Path

import structlog
import watchfiles

log = structlog.get_logger()

START_AGAIN_SECONDS = 1.0
#: It looks for events this often, and gives them out when none has come for as long: twice this
#: is less than the quiet time of a file, and each look wakes the process.
STEP_MILLISECONDS = 50


def listen(inbox: Path, wake: threading.Event, stop: threading.Event) -> None:
    """Set ``wake`` whenever something happens below the inbox, until ``stop`` is set.

    Starts again where the inbox was replaced, or the system gives no events for a while.
    """
    while not stop.is_set():
        try:
            _listen(inbox, wake, stop)
        except (OSError, RuntimeError) as error:
            log.warning("watch.events_away", error=str(error), still="the rescan goes on")
        stop.wait(START_AGAIN_SECONDS)


def _listen(inbox: Path, wake: threading.Event, stop: threading.Event) -> None:
    for _ in watchfiles.watch(
        inbox,
        watch_filter=None,
        debounce=100,
        step=STEP_MILLISECONDS,
        stop_event=stop,
        rust_timeout=5000,
        yield_on_timeout=True,
        raise_interrupt=False,
    ):
        wake.set()
        if not inbox.is_dir():
            return
