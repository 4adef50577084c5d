"""Work that stands still where it has taken long, and goes on from there when it is asked again.

What is computed for a long time before anything comes of it cannot be left for later otherwise but
by doing all of it once more. So it has a thread of its own, which never runs while others do.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from functools import partial
from queue import SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")


class Halted(Exception):
    """It stands still, and has come to nothing so far."""


class Halting(Generic[T]):
    """One piece of work after the other, which asks at its ``gate`` whether it may go on."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._asked = SimpleQueue[Callable[[], T] | None]()
        self._said = SimpleQueue[Future[T] | None]()
        self._is_over: Callable[[], bool] = bool
        #: Whether some work does, in the middle of it.
        self.stands = False

    def result(self, work: Callable[[], T], is_over: Callable[[], bool]) -> T:
        """That of the ``work``, or of what stands still.

        Raises what the work does, and ``Halted`` where it is at its gate and the time ``is_over``.
        """
        self._is_over = is_over
        if not self._thread:
            self._thread = threading.Thread(target=self._run, daemon=True)
            self._thread.start()
        self._asked.put(partial(copy_context().run, work))
        done = self._said.get()
        self.stands = done is None
        if done is None:
            raise Halted
        return done.result()

    def gate(self) -> None:
        """Called within the work, where it may stand still. Raises ``GeneratorExit`` at the end."""
        if threading.current_thread() is self._thread and self._is_over():
            self._said.put(None)
            if not self._asked.get():
                raise GeneratorExit

    def close(self) -> None:
        """End what stands still, or runs where who waited for it was interrupted."""
        if self._thread:
            self._is_over = _always
            for _ in ("the work", "the thread"):
                self._asked.put(None)
            self._thread.join()
            self._thread, self.stands = None, False

    def _run(self) -> None:
        while work := self._asked.get():
            done = Future[T]()
            try:
                done.set_result(work())
            except BaseException as error:  # noqa: BLE001 -- whoever asked has it
                done.set_exception(error)
            self._said.put(done)


def _always() -> bool:
    return True
