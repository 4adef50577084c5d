"""What the reconciler publishes, and how it waits with what is fruitless."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.writing.due import Due, Waiting
from indexing.writing.reenrich import Request, Requests
from tasks.names import ENRICH_DOCUMENTS, INTAKE_ARTICLE, INTAKE_BATCH
from worker.processes.supervise import CALM_SECONDS, LONGEST_PAUSE, Child, pause
from worker.reconcile.dispatch import Notifications, chunks, known_batches, known_documents, room
from worker.reconcile.leases import Held, Lately
from worker.reconcile.message import Message
from worker.reconcile.queues import Look
from worker.reconcile.reconcile import INTAKE_LIMIT, Reconciler, reconcile
from worker.spool.spool import Spool

MESSAGES = [
    Message(INTAKE_BATCH, ("b1",)),
    Message(INTAKE_BATCH, ()),
    Message(INTAKE_BATCH, (7,)),
    Message(INTAKE_ARTICLE, ("no batch",)),
    Message(ENRICH_DOCUMENTS, (["d1", "d2"], True)),
    Message(ENRICH_DOCUMENTS, (["d2", 3],)),
    Message(ENRICH_DOCUMENTS, ("d9",)),
    Message(ENRICH_DOCUMENTS, (None,)),
    Message(ENRICH_DOCUMENTS, ()),
    Message("something.else", (["d8"],)),
]


def test_messages_speak_of_batches_and_documents() -> None:
    assert known_batches(MESSAGES) == {"b1"}
    assert known_documents(MESSAGES) == {"d1", "d2"}
    assert known_batches([]) == known_documents([]) == set()


@given(st.integers(0, 200), st.integers(2, 64))
def test_a_queue_is_filled_when_it_is_half_empty_and_never_beyond_its_limit(
    waiting: int, limit: int
) -> None:
    free = room(waiting, limit)
    assert (free > 0) == (waiting <= limit // 2)
    assert free == 0 or waiting + free == limit


@given(st.lists(st.text(max_size=3)), st.integers(1, 9))
def test_chunks_keep_all_in_order(ids: Sequence[str], size: int) -> None:
    cut = chunks(ids, size)
    assert [one for chunk in cut for one in chunk] == list(ids)
    assert all(0 < len(chunk) <= size for chunk in cut)
    assert len(cut) == -(-len(ids) // size)


def test_new_work_is_due_at_once() -> None:
    notified = Notifications()
    assert "a" not in notified.resting(0.0)


def test_the_pause_doubles_up_to_the_longest() -> None:
    notified, now, pauses = Notifications(longest=8.0, forget=300.0), 1000.0, []
    for _ in range(7):
        notified.noted("a", now)
        started = now
        while "a" in notified.resting(now):
            now += 0.5
        pauses.append(now - started)
    assert pauses == [1, 2, 4, 8, 8, 8, 8]


def test_work_waits_by_itself() -> None:
    notified = Notifications()
    notified.noted("a", 0.0)
    assert "b" not in notified.resting(0.0)
    assert "a" in notified.resting(0.5)


def test_what_was_long_not_rung_for_is_new_again() -> None:
    notified = Notifications(longest=8.0, forget=300.0)
    for now in (0.0, 10.0, 20.0):
        notified.noted("a", now)
    notified.noted("b", 200.0)
    notified.noted("c", 330.0)
    notified.noted("a", 330.0)
    assert "a" in notified.resting(330.5)
    assert "a" not in notified.resting(331.0)
    notified.noted("b", 330.0)
    assert "b" in notified.resting(331.5)


def test_a_ring_keeps_work_from_being_forgotten() -> None:
    notified = Notifications(longest=8.0, forget=300.0)
    notified.noted("a", 0.0)
    notified.noted("b", 1.0)
    notified.noted("a", 299.0)
    notified.noted("c", 400.0)
    notified.noted("a", 400.0)
    notified.noted("b", 400.0)
    assert notified.resting(401.5) == {"a"}


def test_work_may_be_stuck_for_days() -> None:
    notified = Notifications(longest=8.0)
    for number in range(20_000):
        notified.noted("a", number * 8.0)
    assert "a" in notified.resting(20_000 * 8.0 - 4.0)
    assert "a" not in notified.resting(20_000 * 8.0)


class Nothing:
    """Queues in which nothing waits, and a publisher that notes what it is given."""

    def __init__(self) -> None:
        self.notified: list[str] = []

    def waiting(self, kind: str, most: int) -> list[Message]:
        return []

    def intake(self, batch: str, behind: bool = False) -> bool:
        self.notified.append(batch)
        return True


def made(spool: Spool) -> str:
    with spool.filling() as batch:
        return batch.name


def test_stuck_batches_keep_no_other_from_being_notified_for(tmp_path: Path) -> None:
    spool, nothing = Spool(tmp_path), Nothing()
    stub: Any = nothing
    reconciler = Reconciler(
        spool, stub, stub, "x", stub, stub, enrich_batch=8, enrich_queue=4, lease_seconds=45.0
    )
    names = [made(spool) for _ in range(INTAKE_LIMIT + 1)]
    for _ in range(3):
        reconciler._batches(Look({"intake": 0}, [], 0.0))
    assert set(nothing.notified) == set(names)


class Rest:
    """A reconciler whose looks find what they are told, and the times of its looks."""

    def __init__(self, *finds: bool) -> None:
        self.finds = list(finds)
        self.looks: list[float] = []
        self.at_rest = False
        self.stop = threading.Event()

    def step(self) -> int:
        self.looks.append(time.monotonic())
        self.at_rest = self.finds.pop(0)
        if not self.finds:
            self.stop.set()
        return 0


def pauses(monkeypatch: pytest.MonkeyPatch, *finds: bool, wake: threading.Event) -> list[float]:
    monkeypatch.setattr("worker.reconcile.reconcile.EVERY_SECONDS", (0.02, 0.03))
    monkeypatch.setattr("worker.reconcile.reconcile.AT_REST_SECONDS", (0.4, 0.5))
    rest = Rest(*finds)
    stub: Any = rest
    reconcile(stub, wake, rest.stop)
    return [later - look for look, later in pairwise(rest.looks)]


def test_the_reconciler_looks_less_often_only_where_all_is_at_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second, third = pauses(monkeypatch, False, True, False, False, wake=threading.Event())
    assert max(first, third) < 0.3
    assert second >= 0.4


class Claims(threading.Event):
    """Something is claimed during each look."""

    def clear(self) -> None:
        super().clear()
        self.set()


def test_a_claim_ends_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    assert max(pauses(monkeypatch, True, True, True, False, wake=Claims())) < 0.3


def test_rest_is_where_nothing_waits_is_held_at_work_pending_or_to_be_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "spool").mkdir()
    spool, stub = Spool(tmp_path / "spool"), Stub()
    made_of: Any = stub
    monkeypatch.setattr("worker.reconcile.reconcile.check_writable", lambda *_: None)
    monkeypatch.setattr("worker.reconcile.reconcile.due", stub)
    reconciler = Reconciler(
        *(spool, made_of, made_of, "x", made_of, AtWork(stub)),
        enrich_batch=8, enrich_queue=4, lease_seconds=45.0,
    )  # fmt: skip
    assert (reconciler.step(), reconciler.at_rest) == (0, True)
    document = Message(ENRICH_DOCUMENTS, (["d1"],))
    for name, something in [
        ("line", [document]), ("holds", [document]), ("busy", {"d2"}), ("pending", ["d3"]),
        ("requests", Requests(1, (Request(1, {}, ""),))),
    ]:  # fmt: skip
        nothing = getattr(stub, name)
        setattr(stub, name, something)
        reconciler.step()
        assert not reconciler.at_rest, name
        setattr(stub, name, nothing)
    monkeypatch.setattr(reconciler, "_document_notifications", Notifications())
    monkeypatch.setattr(reconciler, "_held_lately", Lately())
    reconciler.step()
    assert reconciler.at_rest
    made(spool)
    reconciler.step()
    assert not reconciler.at_rest


class Stub(Nothing):
    """Everything that a reconciler looks at, with nothing in it."""

    def __init__(self) -> None:
        super().__init__()
        self.line: list[Message] = []
        self.holds: list[Message] = []
        self.busy: set[str] = set()
        self.pending: list[str] = []
        self.again: list[str] = ["d4"]
        self.requests = Requests()

    def __call__(self) -> Any:
        return self

    def give_back_older(self, now: float, lease: float) -> None:
        """There is none."""

    def look(self) -> Any:
        """What stands in the queues."""
        waiting = {"intake": 0, "enrich": len(self.line), "celery": 0}
        held = [Held(b"tag", message, 0.0) for message in self.holds]
        return Look(waiting, held, time.monotonic())

    def waiting(self, *asked: Any) -> Any:
        """Both the queues' and the documents that wait."""
        return self.line if len(asked) == 2 else Waiting(self.pending, self.requests)

    def due(self, *_: Any) -> Due:
        return Due(self.again, False)

    def enrich(self, ids: Sequence[str], careful: bool, request: int) -> bool:
        return True


class AtWork:
    """What the stub is busy with."""

    def __init__(self, stub: Stub) -> None:
        self.stub = stub

    def look(self) -> tuple[set[str], dict[Path, set[str]]]:
        return self.stub.busy, {}


# The supervisor waits likewise ----------------------------------------------------------------


def test_the_first_death_costs_no_pause_and_later_ones_more() -> None:
    assert [pause(deaths) for deaths in range(9)] == [0, 0, 0.5, 1, 2, 4, 8, 10, 10]


def test_a_process_may_die_for_days() -> None:
    assert pause(20_000) == LONGEST_PAUSE


def test_a_death_after_a_calm_time_counts_as_the_first() -> None:
    child = Child("false", [])
    assert not child.died(0.0), "what was never started cannot die"
    for lived, deaths in ((1.0, 1), (1.0, 2), (1.0, 3), (CALM_SECONDS + 1, 1), (1.0, 2)):
        child.start({})
        assert child.process is not None
        child.process.kill()
        child.process.wait()
        now = child.started + lived
        assert child.died(now)
        assert child.deaths == deaths
        assert child.not_before == now + pause(deaths)
