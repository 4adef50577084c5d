"""What the watch process does for the copies: a step whenever there may be something to do."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import structlog

from articles.errors import DepescheError
from worker.copies.copier import Copier
from worker.lock import locked

log = structlog.get_logger()

EVERY_SECONDS = 1.0
#: After something that the bucket or the disk refused, and where another watcher copies.
WAIT_SECONDS = 10.0
#: Looking takes a twentieth of the time, at most.
_RESTS = 20


def keep_copies(copier: Copier, lock: Path, stop: threading.Event) -> None:
    """Step again and again until stopped. What is wrong is said once, and waits."""
    said, rest = "", 0.0
    while not stop.wait(rest):
        begins = time.monotonic()
        try:
            with locked(lock, 0.0):
                copier.step(stop.is_set)
            said, rest = "", max(EVERY_SECONDS, _RESTS * (time.monotonic() - begins))
        except TimeoutError:
            rest = WAIT_SECONDS
        except (DepescheError, OSError) as error:
            if str(error) != said:
                log.warning("copies.wait", why=str(error))
            said, rest = str(error), WAIT_SECONDS
        except Exception:
            log.exception("copies.bug")
            rest = WAIT_SECONDS
