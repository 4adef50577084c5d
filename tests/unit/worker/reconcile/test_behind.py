"""What had its turn is told of behind what had none."""

from __future__ import annotations

import pytest

from tests.fakes.parts import FakeContainer
from worker.reconcile.reconcile import INTAKE_LIMIT
from worker.spool.spool import Batch


@pytest.mark.parametrize(
    ("mark", "behind"), [("turns.json", True), ("unpacked.json", True), ("tried", False)]
)
def test_what_had_a_turn_is_told_of_behind_what_had_none(
    container: FakeContainer, mark: str, behind: bool
) -> None:
    with container.spool.filling() as batch:
        (batch.root / "a.txt").write_text("x")
    (batch.folder / mark).touch()
    container.reconciler.step()
    assert container.publisher.batches == [batch.name]
    assert container.publisher.behind == [batch.name] * behind


def test_members_of_a_container_had_its_turn(container: FakeContainer) -> None:
    name = f"20240620T000000.000000Z-0123456789ab-{'0' * 16}-1"
    (container.spool.folder / name / "files").mkdir(parents=True)
    assert Batch(container.spool.folder / name).had_turn()
    container.reconciler.step()
    assert container.publisher.behind == [name]


def test_many_that_had_their_turn_keep_no_other_from_being_told_of(
    container: FakeContainer,
) -> None:
    with container.spool.filling() as batch:
        (batch.root / "a.txt").write_text("x")
    container.queues.waits["intake"] = container.queues.behind = 1_000
    container.reconciler.step()
    assert container.publisher.batches == [batch.name]


def test_where_very_much_stands_behind_no_more_is_put_there(container: FakeContainer) -> None:
    """Its message may be any of those, of which not all are read."""
    with container.spool.filling() as batch:
        (batch.root / "a.txt").write_text("x")
    (batch.folder / "turns.json").touch()
    container.queues.waits["intake"] = container.queues.behind = INTAKE_LIMIT
    container.reconciler.step()
    assert container.publisher.batches == []
    container.queues.waits["intake"] = container.queues.behind = INTAKE_LIMIT // 2
    container.reconciler.step()
    assert container.publisher.behind == [batch.name]
