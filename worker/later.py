"""What nothing waits for, done beside the next work instead of before it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

import structlog

log = structlog.get_logger()

Work = Callable[[], None]
#: Seconds that the end of a process gives to the last piece of work.
LAST_SECONDS = 5.0


def at_once(work: Work) -> None:
    """Do it now: for whoever wants to see it done."""
    work()


class Later:
    """Does one piece of work at a time in a thread, in order, and is never more than one behind.

    The thread begins with the first piece: make this before a fork, use it after.
    """

    def __init__(self) -> None:
        self._pool: ThreadPoolExecutor | None = None
        self._last: Future[None] | None = None

    def __call__(self, work: Work) -> None:
        """Begin it once the one before has ended; an error is logged, and nobody's task fails."""
        self.finish(None)
        self._pool = self._pool or ThreadPoolExecutor(1, thread_name_prefix="later")
        self._last = self._pool.submit(_logged, work)

    def finish(self, seconds: float | None = LAST_SECONDS) -> None:
        """Wait for the last piece, but not longer than that."""
        if self._last is not None:
            try:
                self._last.result(seconds)
            except TimeoutError:
                log.warning("later.cut_short")


def _logged(work: Work) -> None:
    try:
        work()
    except Exception:
        log.exception("later.bug")
