"""Results of tasks that keep quiet when the program ends."""

from __future__ import annotations

import sys
from contextlib import suppress

from celery.result import AsyncResult


class QuietResult(AsyncResult):  # type: ignore[misc]  # celery ships no types
    """A result that asks Redis for nothing any more when the program ends.

    Celery's unsubscribes when it is deleted, and may find the interpreter half gone by then.
    """

    def __del__(self) -> None:
        if not sys.is_finalizing():
            with suppress(Exception):  # nobody could catch it: Redis has gone before us
                super().__del__()
