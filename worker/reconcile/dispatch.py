"""What the reconciler publishes messages for. Pure rules over disk, index and queues."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tasks.names import ENRICH_DOCUMENTS, INTAKE_BATCH
from worker.reconcile.message import Message


def known_batches(messages: Iterable[Message]) -> set[str]:
    """Batches that a message, waiting or held by a worker, already speaks of."""
    names = (m.args[0] for m in messages if m.task == INTAKE_BATCH and m.args)
    return {name for name in names if isinstance(name, str)}


def known_documents(messages: Iterable[Message]) -> set[str]:
    """Documents that a message, waiting or held by a worker, already speaks of."""
    return {
        document
        for m in messages
        if m.task == ENRICH_DOCUMENTS and m.args and isinstance(m.args[0], list)
        for document in m.args[0]
        if isinstance(document, str)
    }


def room(waiting: int, limit: int) -> int:
    """How many messages may be added: none until the queue has run half empty, then it is filled.

    Filling only a low queue keeps the reading of it cheap and the index from being asked for
    pending documents again and again.
    """
    return limit - waiting if waiting <= limit // 2 else 0


def chunks(ids: Sequence[str], size: int) -> list[list[str]]:
    """Ids in messages of at most ``size``."""
    return [list(ids[start : start + size]) for start in range(0, len(ids), size)]


class Notifications:
    """How often each piece of work was notified of, to wait with what is fruitless.

    The pause before the next message doubles from one second to ``longest``; after ``forget``
    seconds without a message the work counts as new. All times are seconds of one clock.
    """

    def __init__(self, longest: float = 8.0, forget: float = 300.0) -> None:
        self._longest = longest
        self._forget = forget
        self._sent: dict[str, tuple[int, float]] = {}

    def resting(self, now: float) -> set[str]:
        """Work that a message was sent for a moment ago; it is given time."""
        return {
            work for work, (times, last) in self._sent.items() if now - last < self._pause(times)
        }

    def _pause(self, times: int) -> float:
        return min(self._longest, 2.0 ** min(times - 1, 10))

    def times(self, work: str) -> int:
        """How often there was a message lately."""
        return self._sent.get(work, (0, 0.0))[0]

    def noted(self, work: str, now: float) -> None:
        """Remember a message; memories leave in the order of their last message."""
        times, _ = self._sent.pop(work, (0, 0.0))
        self._sent[work] = (times + 1, now)
        self._drop_old(now)

    def _drop_old(self, now: float) -> None:
        while now - self._sent[oldest := next(iter(self._sent))][1] > self._forget:
            del self._sent[oldest]
