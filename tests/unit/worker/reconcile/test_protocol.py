"""A model of reconciler, workers and leases, with the real rules: whatever dies, each is read once.

Redis and the index are dictionaries, and time goes on by seconds. What decides is the reconciler's
own: what is lost, what counts as held, what rests, how much is sent.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from tasks.names import ENRICH_DOCUMENTS
from worker.reconcile.dispatch import Notifications, chunks, known_documents, room
from worker.reconcile.leases import Contact, Held, Lately, lost
from worker.reconcile.message import Message

QUEUE, BATCH = 4, 2
#: Seconds until a worker is connected again to a Redis that was away.
CONNECTED = 2.0
#: Redis's clock says something else than the reconciler's: that must not matter.
OFFSET = -3600.0


@dataclass
class Worker:
    """What it holds, the versions that it has read, and whether it stands still."""

    tag: int
    message: Message
    read: dict[str, int]
    frozen: bool = False
    overtaken: bool = False  #: it stood still, or Redis lost what nobody had seen it take


@dataclass
class World:
    now: float = 0.0
    offset: float = OFFSET
    versions: dict[str, int] = field(default_factory=dict)
    enriched: set[str] = field(default_factory=set)
    writes: dict[str, int] = field(default_factory=dict)
    queue: list[tuple[int, Message]] = field(default_factory=list)
    unacked: dict[int, tuple[Message, float]] = field(default_factory=dict)
    workers: list[Worker] = field(default_factory=list)
    away: bool = False
    back: float = 0.0
    set: float = -1.0  #: when Redis's clock was
    tags: int = 0

    @property
    def theirs(self) -> float:
        return self.now + self.offset


class Protocol(RuleBasedStateMachine):
    """Every rule is something that happens to somebody."""

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self.contact, self.lately, self.sent = Contact(), Lately(), Notifications()
        self.seen = set[int]()  #: tags of what the last look found in hand

    @rule(count=st.integers(1, 5))
    def documents_come(self, count: int) -> None:
        for _ in range(count):
            self.world.versions[f"d{len(self.world.versions)}"] = 1

    @rule(seconds=st.integers(1, 8))
    def time_passes(self, seconds: int) -> None:
        for _ in range(seconds):
            self.world.now += 1.0
            if self.world.away:
                self.contact.broken()
                continue
            self._look()
            if self.world.now - self.world.back >= CONNECTED:
                self._renew()

    @precondition(lambda self: self.world.queue and not self.world.away)
    @rule()
    def a_worker_takes_a_message(self) -> None:
        world = self.world
        tag, message = world.queue.pop(0)
        world.unacked[tag] = (message, world.theirs)
        read = {id_: world.versions[id_] for id_ in message.args[0] if id_ not in world.enriched}
        world.workers.append(Worker(tag, message, read))

    @precondition(lambda self: self.world.workers)
    @rule(data=st.data())
    def a_worker_is_done(self, data: st.DataObject) -> None:
        self._write(data.draw(st.sampled_from(self.world.workers)))

    @precondition(lambda self: self.world.workers)
    @rule(data=st.data())
    def a_worker_dies(self, data: st.DataObject) -> None:
        self.world.workers.remove(data.draw(st.sampled_from(self.world.workers)))

    @precondition(lambda self: self.world.workers)
    @rule(data=st.data())
    def a_worker_freezes_or_wakes_up(self, data: st.DataObject) -> None:
        worker = data.draw(st.sampled_from(self.world.workers))
        worker.frozen, worker.overtaken = not worker.frozen, True

    @rule()
    def redis_is_wiped(self) -> None:
        """What nobody has seen in hand by then is sent once more: it may never have arrived."""
        for worker in self.world.workers:
            worker.overtaken |= worker.tag not in self.seen
        self.world.queue.clear()
        self.world.unacked.clear()

    @rule()
    def redis_goes_or_comes(self) -> None:
        self.world.away, self.world.back = not self.world.away, self.world.now

    @precondition(lambda self: self.world.now > self.world.set)
    @rule(by=st.sampled_from([-3600.0, 3600.0]))
    def redis_s_clock_is_set(self, by: float) -> None:
        """Once between two looks: of forth and back within a second nobody can know."""
        self.world.offset, self.world.set = self.world.offset + by, self.world.now

    @invariant()
    def nothing_is_written_twice(self) -> None:
        assert all(times == 1 for times in self.world.writes.values())

    @invariant()
    def who_lives_is_left_alone(self) -> None:
        """Two have one document in hand only where one of them was overtaken."""
        working = [worker for worker in self.world.workers if not worker.overtaken]
        in_hand = [id_ for worker in working for id_ in worker.message.args[0]]
        assert len(in_hand) == len({*in_hand})

    def teardown(self) -> None:
        """Redis is there, nobody stands still for ever, and one works: then all is read."""
        self.world.away = False
        self.world.workers = [worker for worker in self.world.workers if not worker.frozen]
        for _ in range(60):
            self.time_passes(1)
            for worker in [*self.world.workers]:
                self._write(worker)
            while self.world.queue:
                self.a_worker_takes_a_message()
        assert self.world.enriched == {*self.world.versions}
        self.nothing_is_written_twice()

    def _write(self, worker: Worker) -> None:
        """On condition of the versions that were read; then the message is acknowledged."""
        world = self.world
        if worker.frozen:
            return
        for id_, version in worker.read.items():
            if world.versions[id_] == version:
                world.versions[id_] += 1
                world.writes[id_] = world.writes.get(id_, 0) + 1
                world.enriched.add(id_)
        world.workers.remove(worker)
        if not world.away:
            world.unacked.pop(worker.tag, None)

    def _renew(self) -> None:
        for worker in self.world.workers:
            if not worker.frozen:
                self.world.unacked[worker.tag] = (worker.message, self.world.theirs)

    def _look(self) -> None:
        """As a step of the reconciler."""
        world = self.world
        held = [
            Held(str(tag).encode(), message, world.theirs - renewed)
            for tag, (message, renewed) in world.unacked.items()
        ]
        self.seen = set(world.unacked)
        self.contact.heard(world.now, world.theirs)
        for gone in lost(held, self.contact.settled()):
            message, _ = world.unacked.pop(int(gone.tag))
            world.queue.append((int(gone.tag), message))
        in_hand = known_documents(one.message for one in held if one.message)
        known = self.lately.seen(in_hand, world.now) | self.sent.resting(world.now)
        known |= known_documents(message for _, message in world.queue)
        most = room(len(world.queue), QUEUE) * BATCH
        due = [id_ for id_ in world.versions if id_ not in world.enriched | known][:most]
        for ids in chunks(due, BATCH):
            world.tags += 1
            world.queue.append((world.tags, Message(ENRICH_DOCUMENTS, (ids,))))
            for id_ in ids:
                self.sent.noted(id_, world.now)


TestProtocol = Protocol.TestCase
TestProtocol.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
