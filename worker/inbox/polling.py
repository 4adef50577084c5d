"""When the inbox is looked at: as something happens there, and again and again."""

from __future__ import annotations

import threading
import time
from functools import partial
from pathlib import Path

import structlog

from worker.heartbeat.pulse import Pulse
from worker.inbox.events import listen
from worker.inbox.watch import Watcher

log = structlog.get_logger()

RESCAN_SECONDS = 1.0
RECHECK_SECONDS = 0.05
#: Far less than after which a loop counts as hanging.
REST_SECONDS = 10.0
#: A large inbox is not looked through all the time, but often enough for what comes.
LEAST_OFTEN_SECONDS = 60.0


def watch(
    watcher: Watcher,
    inbox: Path,
    stop: threading.Event,
    *,
    poll: bool,
    pulse: Pulse | None = None,
) -> None:
    """Scan whenever something happens in the inbox, and at least every second, until stopped."""
    wake = threading.Event()
    if pulse:
        watcher.turned = partial(pulse.turn, "watch")
    if not poll:
        threading.Thread(target=listen, args=(inbox, wake, stop), daemon=True).start()
    trouble = ""
    while not stop.is_set():
        wake.clear()
        watcher.turned()
        start = time.monotonic()
        trouble = _scan(watcher, trouble)
        least = rest_after(time.monotonic() - start - watcher.claiming)  # claims are no looking
        if trouble or poll or not watcher.waiting:
            wake.wait(RESCAN_SECONDS)
        _rest(watcher, stop, max(least, RECHECK_SECONDS if watcher.waiting else 0.0))


def rest_after(seconds: float) -> float:
    """The rule: how long there is no look after one of so many seconds."""
    return min(4 * seconds, LEAST_OFTEN_SECONDS)


def _rest(watcher: Watcher, stop: threading.Event, seconds: float) -> None:
    """Wait, and tell that this is no hanging: after a long scan it takes minutes."""
    end = time.monotonic() + seconds
    while (left := end - time.monotonic()) > 0.0 and not stop.wait(min(left, REST_SECONDS)):
        watcher.turned()


def _scan(watcher: Watcher, trouble: str) -> str:
    """Scan once; what is wrong with the disk, said once as long as it stays the same."""
    try:
        watcher.scan()
    except OSError as error:
        if str(error) != trouble:
            log.error("watch.trouble", error=str(error), still="files wait in the inbox")
        return str(error)
    return ""
