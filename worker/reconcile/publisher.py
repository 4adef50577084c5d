"""Notify the workers. A lost message costs time, never work: the reconciler sends another."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Sequence

import structlog
from celery import Celery
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from tasks.names import BEHIND, ENRICH_DOCUMENTS, FIRST, INTAKE_BATCH

log = structlog.get_logger()

#: After a message that could not be sent, seconds in which none is tried: each try takes some.
PAUSE_SECONDS = 2.0
#: Messages that may wait for a slow Redis. What is above that is left to the reconciler.
MOST_WAITING = 256


class TaskPublisher:
    """Sends the two internal messages; False where Redis does not take them now."""

    def __init__(self, app: Celery) -> None:
        self._app = app
        self._paused_until = 0.0

    def intake(self, batch: str, behind: bool = False) -> bool:
        """A batch in the spool wants to be indexed; ``behind`` all others where it had a turn."""
        return self._notify(INTAKE_BATCH, [batch], priority=BEHIND if behind else FIRST)

    def enrich(self, ids: Sequence[str], careful: bool = False, request: int = 0) -> bool:
        """Documents want to be enriched; ``careful``: one at a time, each try counted.

        ``request`` is the number of that by which some are to be read again, if there is one.
        """
        args = [list(ids), careful, *([request] if request else [])]
        return self._notify(ENRICH_DOCUMENTS, args)

    def _notify(self, task: str, args: list[object], priority: int = FIRST) -> bool:
        """Each goes to the queue that the application's routes name: a batch to its own site's."""
        if time.monotonic() < self._paused_until:
            return False
        try:
            how = {"retry": False, "ignore_result": True, "priority": priority}
            self._app.send_task(task, args, **how)
        except (OperationalError, RedisError, OSError) as error:
            self._paused_until = time.monotonic() + PAUSE_SECONDS
            log.warning("redis.away", task=task, error=str(error))
            return False
        return True


class BackgroundTaskPublisher(TaskPublisher):
    """Publishes batches from a thread of its own: the watcher never waits for Redis."""

    def __init__(self, app: Celery) -> None:
        super().__init__(app)
        self._batches: queue.Queue[tuple[str, bool]] = queue.Queue(MOST_WAITING)
        threading.Thread(target=self._notify_all, daemon=True).start()

    def intake(self, batch: str, behind: bool = False) -> bool:
        """Publish soon; False where too many wait already."""
        try:
            self._batches.put_nowait((batch, behind))
        except queue.Full:
            return False
        return True

    def _notify_all(self) -> None:
        while True:
            batch, behind = self._batches.get()
            try:
                super().intake(batch, behind)
            except Exception:
                log.exception("notify.bug", batch=batch)
