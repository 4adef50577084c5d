"""What the watch process does for withdrawals: what is left of them, and what came back."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence

import structlog

from articles.errors import DepescheError
from worker.care.taking_away import alone, finish, unindex
from worker.container import Container
from worker.spool.tombstones import INDEX

log = structlog.get_logger()

EVERY_SECONDS = 1.0
#: After a step that could not be taken.
WAIT_SECONDS = 5.0
#: The index is looked through for what came back (a snapshot) so often, and for at most a
#: hundredth of the time.
SWEEP_SECONDS = 60.0
_RESTS = 100


def keep_withdrawn(container: Container, stop: threading.Event, steps: Sequence[str]) -> None:
    """Take what is left of these steps, and remove what came back, until stopped."""
    due, said = 0.0, ""
    while not stop.wait(WAIT_SECONDS if said else EVERY_SECONDS):
        try:
            finish(container, steps=steps)
            if INDEX in steps and time.monotonic() >= due:
                due = sweep(container)
            said = ""
        except DepescheError as error:
            if str(error) != said:
                log.warning("withdraw.waits", why=str(error))
            said = str(error)
        except Exception:
            log.exception("withdraw.bug")


def sweep(container: Container) -> float:
    """Remove from the index what somebody brought back, and say when to look again."""
    begins = time.monotonic()
    if container.tombstones.exist():
        with alone(container):
            ids = [one.id for one in container.tombstones.all()]
            if removed := unindex(container, ids):
                log.warning("withdraw.came_back", documents=removed)
    took = time.monotonic() - begins
    return time.monotonic() + max(SWEEP_SECONDS, _RESTS * took)
