"""Results of tasks that keep quiet when the program ends."""

from __future__ import annotations

import sys

from celery.result import AsyncResult


class QuietResult(AsyncResult):  # type: ignore[misc]  # celery ships no types
    """A result that asks Redis for nothing any more when the program ends.

    Celery's unsubscribes when it is deleted, and may find the interpreter half gone by then.
    """

    def __del__(self) -> None:
        if not sys.is_finalizing():
            super().__del__()
