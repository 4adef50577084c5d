"""What nothing waits for: gathered, and done all at once a while later, beside the work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import Lock, Timer
from typing import Generic, TypeVar

import structlog

log = structlog.get_logger()

Key = TypeVar("Key")
Thing = TypeVar("Thing")

#: From the first thing that is gathered until it is done with.
SECONDS = 2.0
#: What the end of a process gives to the last of it, and that of a child that is renewed.
LAST_SECONDS, RENEWED_SECONDS = 5.0, 60.0


class Debouncer(Generic[Key, Thing]):
    """Does ``work`` with all things given to it in ``seconds``; at once where that is 0.

    Of things with the same key the last one counts. An error is logged, and no task fails. A
    thread begins with the first thing: make this before a fork, use it after.
    """

    def __init__(
        self, work: Callable[[Mapping[Key, Thing]], None], seconds: float = SECONDS
    ) -> None:
        self._work = work
        self._seconds = seconds
        self._gathered: dict[Key, Thing] = {}
        self._timer: Timer | None = None
        self._gathering, self._working = Lock(), Lock()

    def __call__(self, things: Mapping[Key, Thing]) -> None:
        """Take them on."""
        if not things:
            return
        with self._gathering:
            self._gathered.update(things)
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
                things, self._gathered, self._timer = self._gathered, {}, None
            try:
                if things:
                    self._work(things)
            except Exception:
                log.exception("debouncer.bug")
