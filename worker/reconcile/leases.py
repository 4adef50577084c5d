"""What counts as held by a worker, and what as lost. Pure rules, over Redis's clock and our own.

A lease's silence is told by Redis's clock alone, the only one that is written into it. That clock
is believed only while it goes as ours does: it may have been set, or be another server's.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from tasks.leases import SETTLED_SECONDS, SILENT_SECONDS
from worker.reconcile.dispatch import known_documents
from worker.reconcile.message import Message

#: Seconds between two looks, at most, for Redis to count as not away between them.
_LONGEST = 5.0
#: Seconds by which two clocks may differ over one look: it takes time itself.
_DIFFERENCE = 1.0


@dataclass(frozen=True, slots=True)
class Held:
    """A message that a worker has taken and not acknowledged; None where it is none of ours.

    ``silent``: seconds since it was taken or its lease was renewed; below zero where the clock of
    Redis was set back since.
    """

    tag: bytes
    message: Message | None
    silent: float


class Contact:
    """For how long Redis was there, its clock undisturbed. All times are seconds."""

    def __init__(self) -> None:
        self._since = self._last = float("-inf")
        self._theirs = 0.0

    def heard(self, now: float, theirs: float) -> None:
        """Redis answered at ``now`` by our clock, at ``theirs`` by its own."""
        passed = now - self._last
        if passed > _LONGEST or abs(theirs - self._theirs - passed) > _DIFFERENCE:
            self._since = now
        self._last, self._theirs = now, theirs

    def broken(self) -> None:
        """Redis did not answer."""
        self._last = float("-inf")

    def settled(self) -> bool:
        """Whether every worker that lives has had the time to renew its leases."""
        return self._last - self._since >= SETTLED_SECONDS


def lost(held: Iterable[Held], settled: bool, dead: Collection[str] = ()) -> list[Held]:
    """What is to be given back: its lease is void, or all its documents were a dead worker's.

    ``settled``: leases can be believed. ``dead`` are documents that were in the hands of workers
    of this disk that are known to have died.
    """
    return [each for each in held if (settled and _is_void(each)) or _was_of(each, dead)]


def _is_void(held: Held) -> bool:
    return abs(held.silent) > SILENT_SECONDS


def _was_of(held: Held, dead: Collection[str]) -> bool:
    documents = known_documents([held.message] if held.message else [])
    return bool(documents) and documents <= {*dead}


class Lately:
    """Documents that were held a moment ago: Redis may have been wiped under who holds them.

    He tells it anew within a second. ``seconds`` by our clock: for so long they count as held.
    """

    def __init__(self, seconds: float = SILENT_SECONDS) -> None:
        self._seconds = seconds
        self._last: dict[str, float] = {}

    def seen(self, documents: Iterable[str], now: float) -> set[str]:
        """Those that are held now, and those that were."""
        self._last |= dict.fromkeys(documents, now)
        self._last = {id_: at for id_, at in self._last.items() if now - at <= self._seconds}
        return {*self._last}
