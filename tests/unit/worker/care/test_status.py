"""Counting an archive: exactly while it is small, from the ledger when it is large."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.parts import FakeContainer
from worker.care import status
from worker.heartbeat.members import MOST

FATES = {"indexed": 700, "duplicate": 50, "failed": 9}


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    for number in range(6):
        folder = tmp_path / f"{number % 3}"
        folder.mkdir(exist_ok=True)
        (folder / f"{number}.txt").touch()
    return tmp_path


def test_a_small_archive_is_counted_whatever_the_ledger_says(archive: Path) -> None:
    assert status.archived(archive, FATES) == 6


def test_of_a_large_one_the_ledger_tells(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "COUNTED", 3)
    assert status.archived(archive, FATES) == 750


def test_a_lost_ledger_never_makes_it_smaller_than_counted(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(status, "COUNTED", 3)
    assert status.archived(archive, {}) == 4


def test_too_many_heartbeats_are_told_of(container: FakeContainer) -> None:
    assert "heartbeats" not in {note.kind for note in status.read(container).notes}
    container.heartbeats.runs(*["enrich"] * (MOST + 1))
    (note,) = [note for note in status.read(container).notes if note.kind == "heartbeats"]
    assert note.text.startswith(f"{MOST + 1:,} processes are named")
