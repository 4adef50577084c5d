"""A thread beside the work: it waits for a service while the processor goes on."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TypeVar

Argument = TypeVar("Argument")
Result = TypeVar("Result")


class Prefetcher:
    """Does one call after the other, in order.

    The thread begins with the first of them: make this before a fork, use it after.
    """

    def __init__(self) -> None:
        self._pool: ThreadPoolExecutor | None = None

    def do(self, work: Callable[[], Result]) -> Future[Result]:
        """Begin it when all before it is done."""
        self._pool = self._pool or ThreadPoolExecutor(1, thread_name_prefix="prefetcher")
        return self._pool.submit(work)

    def ahead(
        self, work: Callable[[Argument], Result], arguments: Iterable[Argument]
    ) -> Generator[Result, None, None]:
        """Yield ``work`` of each argument, in order; each begins before that in front is yielded.

        So whoever takes them has the next one waited for meanwhile. What ``work`` raises comes
        out in the place of its result, and ends it. Close it where not all is taken.
        """
        pending: Future[Result] | None = None
        try:
            for argument in arguments:
                before, pending = pending, self.do(partial(work, argument))
                if before:
                    yield before.result()
            if pending:
                yield pending.result()
        finally:
            if pending:  # nobody takes it any more, and what comes after must not wait for it
                pending.cancel()
