"""Ring the workers. A lost ring costs time, never work: the reconciler rings again."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from celery import Celery
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from tasks.broker import ENRICH_DOCUMENTS, ENRICH_QUEUE, INTAKE_BATCH, INTAKE_QUEUE

log = structlog.get_logger()


class Doorbell:
    """Sends the two internal messages; False where Redis does not take them now."""

    def __init__(self, app: Celery) -> None:
        self._app = app

    def intake(self, batch: str) -> bool:
        """A batch in the spool wants to be indexed."""
        return self._ring(INTAKE_BATCH, [batch], INTAKE_QUEUE)

    def enrich(self, ids: Sequence[str], careful: bool = False) -> bool:
        """Documents want to be enriched; ``careful``: one at a time, each try counted."""
        return self._ring(ENRICH_DOCUMENTS, [list(ids), careful], ENRICH_QUEUE)

    def _ring(self, task: str, args: list[object], queue: str) -> bool:
        try:
            self._app.send_task(task, args, queue=queue, retry=False, ignore_result=True)
        except (OperationalError, RedisError, OSError) as error:
            log.warning("redis.away", ring=task, error=str(error))
            return False
        return True
