"""A thread beside the work: it waits for a service while the processor goes on."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TypeVar

One = TypeVar("One")
Answer = TypeVar("Answer")


class Prefetcher:
    """Does one thing after the other, in order.

    The thread begins with the first of them: make this before a fork, use it after.
    """

    def __init__(self) -> None:
        self._pool: ThreadPoolExecutor | None = None

    def do(self, work: Callable[[], Answer]) -> Future[Answer]:
        """Begin it when all before it is done."""
        self._pool = self._pool or ThreadPoolExecutor(1, thread_name_prefix="beside")
        return self._pool.submit(work)

    def ahead(
        self, work: Callable[[One], Answer], given: Iterable[One]
    ) -> Generator[Answer, None, None]:
        """Yield ``work`` of each, in order; each begins before the one in front of it is yielded.

        So whoever takes them has the next one waited for meanwhile. What ``work`` raises comes
        out in the place of its answer, and ends it. Close it where not all is taken.
        """
        begun: Future[Answer] | None = None
        try:
            for one in given:
                before, begun = begun, self.do(partial(work, one))
                if before:
                    yield before.result()
            if begun:
                yield begun.result()
        finally:
            if begun:  # nobody takes it any more, and what comes after must not wait for it
                begun.cancel()
