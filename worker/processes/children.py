"""The children of a Celery worker, of whose answers none is lost with the connection to Redis."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from weakref import WeakKeyDictionary

from celery.concurrency.asynpool import AsynPool, ResultHandler
from celery.concurrency.prefork import TaskPool


class Answers(ResultHandler):  # type: ignore[misc]  # celery ships no types
    """Reads what the children say, and keeps the place where it is in the middle of it.

    Celery 5.6 leaves that to its loop, which forgets it where the connection is lost (``asynloop``,
    ``hub.reset``): then the rest of an answer was read as the beginning of another, so many bytes
    were waited for that none came, and all that this child said from then on was heard by nobody.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._half_read: WeakKeyDictionary[Any, Iterator[None]] = WeakKeyDictionary()

    def _make_process_result(self, hub: Any) -> Callable[[int], None]:
        """What the loop calls where a child has said something: always this, on each connection."""

        def readable(fd: int) -> None:
            process = self.fileno_to_outq.get(fd)
            if process is None:  # it has gone
                hub.remove_reader(fd)
                return
            reading = self._half_read.pop(process, None)
            reading = reading or self._recv_message(hub.add_reader, fd, self.on_state_change)
            try:
                next(reading)
            except StopIteration:
                return
            except (OSError, EOFError):
                hub.remove_reader(fd)
                return
            self._half_read[process] = reading

        return readable


class _Pool(AsynPool):  # type: ignore[misc]
    ResultHandler = Answers

    def flush(self) -> None:
        """Where the connection is lost. Celery forgets there which children are at work: a message
        was written to one of them then, and waited for it beside an idle one.
        """
        try:
            super().flush()
        finally:
            accepted = [job._write_to for job in self._cache.values() if job._accepted]
            at_work = {process.inqW_fd for process in accepted if process}
            self._busy_workers.update(at_work & self._all_inqueues)


class Children(TaskPool):  # type: ignore[misc]
    """Forked processes that do the work."""

    Pool = _Pool
