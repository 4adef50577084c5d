"""What a service cut short is remembered by every process, and costs nothing where it cannot be."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from worker.enrichment.aborted_attempts import AbortedAttempts


def test_each_process_sees_what_another_survived(tmp_path: Path) -> None:
    one, other = AbortedAttempts(tmp_path / "new"), AbortedAttempts(tmp_path / "new")
    assert other.of("a") == 0
    one.count("a")
    other.count("a")
    assert (one.of("a"), other.of("a"), one.of("b")) == (2, 2, 0)
    other.forget("a")
    assert one.of("a") == 0


@given(st.text())
def test_any_id_is_a_name(document: str) -> None:
    survived = AbortedAttempts(Path("/nowhere/at/all"))
    assert survived.of(document) == 0
    survived.forget(document)


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    survived = AbortedAttempts(tmp_path / "file")
    survived.count("a")
    survived.forget("a")
    assert survived.of("a") == 0
