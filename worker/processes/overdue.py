"""Messages that are at work for longer than any may be: then something hangs that nobody sees."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any
from weakref import WeakKeyDictionary

import structlog

log = structlog.get_logger()


class Watch:
    """Ends the worker by ``end`` where a message has been at work for more than ``seconds``.

    Celery ends a child at its message's limit, but by a timer that it forgets where the connection
    to Redis is lost; and a message whose end was not heard would be held for ever. Who runs the
    worker starts it anew, and what it held is given back. ``clock`` tells seconds; no clock of a
    person's, which may be set.
    """

    def __init__(
        self, seconds: float, end: Callable[[], None], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._seconds, self._end, self._clock = seconds, end, clock
        self._since: WeakKeyDictionary[Any, float] = WeakKeyDictionary()

    def look(self, at_work: Iterable[Any]) -> None:
        """Called every few seconds, with all of them."""
        now = self._clock()
        since = {each: self._since.get(each, now) for each in tuple(at_work)}
        self._since = WeakKeyDictionary(since)
        longest = now - min(since.values(), default=now)
        if longest > self._seconds:
            log.error("worker.hangs", seconds=round(longest), messages=len(since))
            self._end()
