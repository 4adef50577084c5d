"""What nothing waits for: gathered, and done all at once a while later, in another thread."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock, Timer
from typing import Generic, TypeVar

import structlog

log = structlog.get_logger()

Key = TypeVar("Key")
Value = TypeVar("Value")

#: Seconds from the first value that is gathered until it is worked on.
SECONDS = 2.0
#: What the end of a process gives to the last of it, and that of a child that is renewed.
LAST_SECONDS, RENEWED_SECONDS = 5.0, 60.0


class Debouncer(Generic[Key, Value]):
    """Does ``work`` with all values given to it in ``seconds``; at once where that is 0.

    Of values with the same key the last one counts. An error is logged, and no task fails. A
    thread begins with the first value: make this before a fork, use it after.
    """

    def __init__(
        self, work: Callable[[Mapping[Key, Value]], None], seconds: float = SECONDS
    ) -> None:
        self._work = work
        self._seconds = seconds
        self._gathered: dict[Key, Value] = {}
        self._timer: Timer | None = None
        self._gathering, self._working = Lock(), Lock()

    def __call__(self, values: Mapping[Key, Value]) -> None:
        """Take them on."""
        if not values:
            return
        with self._gathering:
            self._gathered.update(values)
            if self._seconds and not self._timer:
                timer = Timer(self._seconds, self._do)
                timer.daemon = True
                timer.start()
                self._timer = timer  # not before: a thread that cannot start shall be tried again
        if not self._seconds:
            self._do()

    def finish(self, seconds: float = LAST_SECONDS) -> None:
        """Do now what is left, but wait no longer than that."""
        with self._gathering:
            if self._timer:
                self._timer.cancel()
        last = Timer(0, self._do)
        last.daemon = True
        last.start()
        last.join(seconds)
        if last.is_alive():
            log.warning("debouncer.cut_short")

    def _do(self) -> None:
        with self._working:
            with self._gathering:
                values, self._gathered, self._timer = self._gathered, {}, None
            try:
                if values:
                    self._work(values)
            except Exception:
                log.exception("debouncer.bug")
