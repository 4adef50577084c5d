"""Rules that are none and a ledger that is broken show in `status`, with what to do."""

from __future__ import annotations

import os

import pytest

from tests.fakes.parts import FakeContainer
from worker.care import status
from worker.care.note import Note
from worker.care.own_files import ledger, rules_about_names
from worker.care.verdict import exit_status
from worker.spool import ledger_file, outsized
from worker.spool.ledger import Entry, Ledger

ROW = Entry("1", "a.txt", "indexed", "t-1", "", "", "2024-01-01")


def _notes(container: FakeContainer) -> dict[str, Note]:
    """As `status` has them, by kind."""
    ours = {note.kind for source in (ledger, rules_about_names) for note in source(container)}
    return {note.kind: note for note in status.read(container).notes if note.kind in ours}


def test_where_all_is_well_nothing_is_said(container: FakeContainer) -> None:
    container.ledger.record([ROW])
    container.rules.path.write_text("block LOC: Foto\n")
    assert _notes(container) == {}
    assert status.read(container).fates == {"indexed": 1, "duplicate": 0, "failed": 0}


def test_a_disk_that_is_full_for_what_others_cause_is_told(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "full_disk" not in {note.kind for note in status.read(container).notes}
    monkeypatch.setattr(outsized, "LEFT", 2**62)
    read = status.read(container)
    (note,) = (note for note in read.notes if note.kind == "full_disk")
    assert note.to_do.startswith("Free some disk")
    assert note.to_do in read.to_do
    assert exit_status(read) == 1, "what waits goes on only when a person does that"


def test_a_line_that_is_no_rule_is_shown_and_nothing_is_well(container: FakeContainer) -> None:
    container.rules.path.write_text("block LOC: Foto\nkeine Regel\n")
    note = _notes(container)["broken_rules"]
    assert "line 2" in note.text
    assert "keine Regel" in note.text
    assert str(container.rules.path) in note.to_do
    read = status.read(container)
    assert note.to_do in read.to_do
    assert not read.verdict.startswith("All is well")
    assert exit_status(read) == 1


def test_a_ledger_that_was_broken_is_said_with_its_new_name(container: FakeContainer) -> None:
    container.ledger.path.write_bytes(os.urandom(5000))
    assert "cannot be read now (file is not a database)" in (
        _notes(container)["unreadable_ledger"].text
    )
    assert status.read(container).fates == {}
    container.ledger.record([ROW])
    (aside,) = container.ledger.aside()
    assert _notes(container)["broken_ledger"].items == (aside.name,)
    assert status.read(container).fates["indexed"] == 1
    aside.unlink()
    assert _notes(container) == {}


def test_a_ledger_that_takes_no_rows_is_said_with_the_reason(
    container: FakeContainer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_file, "BUSY_SECONDS", 0.05)
    monkeypatch.setattr(Ledger, "_try_again", lambda _: None)  # no timer outlives the test
    container.ledger.path.with_name("ledger.sqlite-lock").mkdir()
    container.ledger.record([ROW])
    note = _notes(container)["stuck_ledger"]
    assert "takes no rows since 20" in note.text
    assert "ledger.sqlite-lock" in note.text


def test_a_folder_in_the_ledger_s_place_is_said(container: FakeContainer) -> None:
    container.ledger.path.mkdir()
    assert "cannot be read now (" in _notes(container)["unreadable_ledger"].text
