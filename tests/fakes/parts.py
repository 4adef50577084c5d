"""The container with stand-ins for what speaks to Redis."""

from __future__ import annotations

import time
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from articles.errors import ServiceUnavailable
from worker.container import Container
from worker.heartbeat.beat import Beat, Seen
from worker.heartbeat.keys import BeatKeys
from worker.reconcile.leases import Held
from worker.reconcile.message import Message
from worker.reconcile.persistence import Persistence
from worker.reconcile.publisher import TaskPublisher
from worker.reconcile.queues import Look, Queues


class FakePublisher(TaskPublisher):
    """Writes down what it is to send; ``away``: takes nothing, as where Redis does not answer."""

    def __init__(self) -> None:
        self.batches: list[str] = []
        self.behind: list[str] = []
        self.documents: list[tuple[list[str], bool]] = []
        self.requests: list[int] = []
        self.away = False

    def intake(self, batch: str, behind: bool = False) -> bool:
        """As the publisher's own."""
        if not self.away:
            self.batches.append(batch)
            self.behind += [batch] if behind else []
        return not self.away

    def enrich(self, ids: Sequence[str], careful: bool = False, request: int = 0) -> bool:
        """As the publisher's own."""
        if not self.away:
            self.documents.append((list(ids), careful))
            self.requests.append(request)
        return not self.away


class FakeQueues(Queues):
    """Queues with so many messages in them; ``away``: Redis does not answer.

    ``silent``: for how long no lease was renewed; ``given`` are those that were given back.
    """

    def __init__(self) -> None:
        self.waits: dict[str, int] = {"intake": 0, "enrich": 0, "celery": 0}
        self.held: list[Message] = []
        self.silent = 0.0
        self.behind = 0
        self.given: list[Message] = []
        self.away = False

    def lengths(self) -> dict[str, int]:
        """As the queues' own."""
        if self.away:
            raise ServiceUnavailable("Redis does not answer: the test wants it")
        return dict(self.waits)

    def memory(self) -> tuple[int, int]:
        """There is no limit."""
        return 0, 0

    def uptime(self) -> float | None:
        """It has just started."""
        return 0.0

    def waiting(self, kind: str, most: int) -> list[Message]:
        """All that waits is of other programs."""
        return [Message("another.task", ())] * min(self.waits[kind], most)

    def give_back_older(self, now: float, lease: float) -> None:
        """Nobody has held anything in an older release."""

    def look(self) -> Look:
        """As the queues' own."""
        held = [Held(str(n).encode(), message, self.silent) for n, message in enumerate(self.held)]
        return Look(self.lengths(), held, time.monotonic(), self.behind)

    def give_back(self, held: Sequence[Held]) -> None:
        """As the queues' own."""
        gone = [each.message for each in held if each.message]
        self.given += gone
        self.held = [message for message in self.held if message not in gone]


class FakeBeats(BeatKeys):
    """What processes of other hosts say of themselves: what the test puts in."""

    def __init__(self) -> None:
        self.seen: list[Seen] = []

    def write(self, beat: Beat) -> None:
        """As the real one's."""
        self.seen.append(Seen(beat, 0.0))

    def remove(self, beat: Beat) -> None:
        """As the real one's."""
        self.seen = [seen for seen in self.seen if seen.beat.key != beat.key]

    def older(self) -> list[str]:
        return []

    def named(self) -> int:
        """As the real one's."""
        return len(self.seen)

    def read(self) -> list[Seen]:
        """As the real one's."""
        return list(self.seen)

    def runs(self, *processes: str, **more: Any) -> None:
        """So many live elsewhere."""
        for number, process in enumerate(processes):
            self.seen.append(Seen(Beat(process, "anderswo", number, **more), 1.0))


class FakePersistence(Persistence):
    """Counts how often it is to write anew."""

    def __init__(self) -> None:
        self.rewritten = 0
        self.away = False

    def write_anew(self, seconds: float = 0.0) -> None:
        """As the real one's."""
        if self.away:
            raise ServiceUnavailable("Redis does not answer: the test wants it")
        self.rewritten += 1


class FakeContainer(Container):
    """All parts are the real ones, but those four."""

    @cached_property
    def persistence(self) -> FakePersistence:
        """Nothing is on a disk."""
        return FakePersistence()

    @cached_property
    def heartbeats(self) -> FakeBeats:
        """Nobody works, unless the test says so."""
        return FakeBeats()

    @cached_property
    def publisher(self) -> FakePublisher:
        """Notifies nobody."""
        return FakePublisher()

    @cached_property
    def queues(self) -> FakeQueues:
        """Holds what the test puts in."""
        return FakeQueues()
