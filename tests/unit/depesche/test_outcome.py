"""What `ingest --wait` says of files that the ledger does not know, or that it cannot tell of."""

from __future__ import annotations

import pytest

from depesche.outcome import UNRECORDED, outcomes
from tests.fakes.parts import FakeContainer
from worker.spool.ledger import Entry
from worker.spool.settle import Reason, fail

NAMES = ["a.txt", "b.txt", "leer.txt", "weg.txt"]


@pytest.fixture
def settled(container: FakeContainer) -> FakeContainer:
    """Two in the archive, one failed, one nowhere."""
    for name in NAMES[:2]:
        (container.folders.archive / name).touch()
    empty = container.folders.spool / "leer.txt"
    empty.touch()
    fail(container.folders, empty, "leer.txt", Reason("it is empty", "parse"))
    return container


def test_the_ledger_is_asked_first_and_then_the_disk(settled: FakeContainer) -> None:
    settled.ledger.record([Entry("1", "a.txt", "duplicate", "t-1", "", "", "2024")])
    assert outcomes(settled, "1", NAMES) == [
        ("a.txt", "duplicate", "t-1", ""),
        ("b.txt", "indexed", "", UNRECORDED),
        ("leer.txt", "failed", "", "it is empty"),
        ("weg.txt", "waiting", "", UNRECORDED),
    ]


def test_a_broken_ledger_hides_no_failure(settled: FakeContainer) -> None:
    settled.ledger.path.write_bytes(b"kein Hauptbuch" * 400)
    assert [fate for _, fate, _, _ in outcomes(settled, "1", NAMES)] == [
        *("indexed", "indexed", "failed", "waiting")
    ]
