"""Whatever is wrong with the ledger costs the record alone: it is said, and mended if it can be."""

from __future__ import annotations

import fcntl
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path

import pytest

from tests.processes import wait_for
from worker.spool import ledger as ledger_module
from worker.spool import ledger_file
from worker.spool.ledger import Entry, Ledger
from worker.spool.ledger_file import KEPT
from worker.spool.ledger_trouble import Remedy, TroubleNote, remedy


def entry(batch: str, path: str = "a.txt") -> Entry:
    return Entry(batch, path, "indexed", "t-1", "ab", "", "2024-01-01T00:00:00Z")


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ledger:
    """One that has a row, and that waits for no lock."""
    monkeypatch.setattr(ledger_file, "BUSY_SECONDS", 0.05)
    monkeypatch.setattr(ledger_module, "REST_SECONDS", 0.0)
    monkeypatch.setattr(Ledger, "_try_again", lambda _: None)
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.record([entry("0")])
    return ledger


def garbage(path: Path) -> None:
    _closed(path)
    path.write_bytes(os.urandom(5000))


def half(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2 - 100])


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "inhalt").touch()


def pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def _tables(path: Path, *statements: str) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as database:
        for statement in statements:
            database.execute(statement)


def other_columns(path: Path) -> None:
    _tables(path, "CREATE TABLE fates (batch TEXT, path TEXT, mehr TEXT)")


def counts_alone(path: Path) -> None:
    _tables(path, "CREATE TABLE counts (number INTEGER)")


def a_view(path: Path) -> None:
    _tables(path, "CREATE VIEW fates AS SELECT 1 AS batch, 2 AS path")


BROKEN: list[Callable[[Path], None]] = [
    *(garbage, half, folder, pipe, other_columns, counts_alone, a_view)
]


@pytest.mark.parametrize("broken", BROKEN)
@pytest.mark.parametrize("running", [True, False], ids=["running", "started"])
def test_what_is_no_ledger_is_set_aside_and_a_new_one_begun(
    ledger: Ledger, broken: Callable[[Path], None], running: bool
) -> None:
    _closed(ledger.path)
    broken(ledger.path)
    writer = ledger if running else Ledger(ledger.path)
    writer.record([entry("1")])
    writer.record([entry("2")])
    assert [row.batch for batch in "12" for row in Ledger(ledger.path).of_batch(batch)] == [
        "1",
        "2",
    ]
    assert Ledger(ledger.path).counts()["indexed"] == 2
    (aside,) = ledger.aside()
    assert aside.name.startswith("ledger.sqlite.broken-")
    assert ledger.trouble() is None


def _closed(path: Path) -> None:
    """All that was written is in the file itself."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def test_what_sqlite_keeps_beside_a_broken_file_goes_along(ledger: Ledger) -> None:
    ledger.path.write_bytes(os.urandom(5000))
    for own in ("-wal", "-shm"):
        ledger.path.with_name(f"ledger.sqlite{own}").write_bytes(b"von vorher")
    Ledger(ledger.path).record([entry("1")])
    (aside,) = ledger.aside()
    assert aside.with_name(f"{aside.name}-wal").read_bytes() == b"von vorher"
    assert Ledger(ledger.path).counts()["indexed"] == 1


def test_only_one_of_two_writers_sets_it_aside(ledger: Ledger) -> None:
    other = Ledger(ledger.path)
    other.record([entry("1")])
    garbage(ledger.path)
    for number, writer in enumerate((ledger, other, ledger)):
        writer.record([entry(f"2{number}")])
    assert len(ledger.aside()) == 1
    assert Ledger(ledger.path).counts()["indexed"] == 3


def test_reading_leaves_nothing_behind(ledger: Ledger) -> None:
    ledger.close()
    before = sorted(os.listdir(ledger.path.parent))
    assert Ledger(ledger.path).counts()["indexed"] == 1
    assert (
        sorted(os.listdir(ledger.path.parent)) == before == ["ledger.sqlite", "ledger.sqlite-lock"]
    )


def test_a_disk_that_breaks_it_again_and_again_is_not_filled(ledger: Ledger) -> None:
    for number in range(KEPT + 3):
        with suppress(sqlite3.Error):  # the last ones stay broken
            garbage(ledger.path)
        ledger.record([entry(str(number))])
    assert len(ledger.aside()) == KEPT
    assert ledger.trouble()


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """As whoever looks into it with another program may leave it."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA journal_mode = DELETE")
        database.execute("BEGIN EXCLUSIVE")
        yield


@contextmanager
def writing(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def opening(path: Path) -> Iterator[None]:
    """A process that was stopped at the worst moment."""
    path.unlink()
    with path.with_name(f"{path.name}-lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def no_lock_file(path: Path) -> Iterator[None]:
    lock = path.with_name(f"{path.name}-lock")
    path.unlink()
    lock.unlink()
    lock.mkdir()
    yield
    lock.rmdir()


@pytest.mark.parametrize(
    ("busy", "before"), [(writing, 1), (exclusive, 1), (opening, 0), (no_lock_file, 0)]
)
def test_while_it_cannot_be_written_rows_wait_and_nothing_is_raised(
    ledger: Ledger, busy: Callable[[Path], AbstractContextManager[None]], before: int
) -> None:
    _closed(ledger.path)
    ledger.close()
    with busy(ledger.path):
        ledger.record([entry("1")])
        ledger.record([entry("2")])
        assert ledger.trouble()
    ledger.record([entry("3")])
    assert Ledger(ledger.path).counts()["indexed"] == before + 3
    assert ledger.trouble() is None
    assert ledger.aside() == []


def test_a_ledger_that_takes_nothing_is_not_asked_for_each_batch(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_module, "REST_SECONDS", 3600.0)
    asked: list[int] = []

    def refused() -> None:
        asked.append(1)
        raise sqlite3.OperationalError("database or disk is full")

    monkeypatch.setattr(ledger, "_write_or_mend", refused)
    monkeypatch.setattr(ledger_module, "remedy", lambda _: "wait")
    for number in range(5):
        ledger.record([entry(str(number))])
    assert len(asked) == 1


def test_rows_that_wait_are_written_although_no_more_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ledger_file, "BUSY_SECONDS", 0.05)
    monkeypatch.setattr(ledger_module, "REST_SECONDS", 0.1)
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.record([entry("0")])
    with writing(ledger.path):
        ledger.record([entry("1")])
    wait_for(lambda: ledger.counts()["indexed"] == 2, "the row that waited", 30)


def test_rows_do_not_wait_without_bound(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ledger_module, "REST_SECONDS", 3600.0)
    with writing(ledger.path):
        for number in range(30):
            ledger.record(entry(str(number), f"{row}.txt") for row in range(1000))
    assert len(ledger._late) == ledger_module.MOST_LATE


def _error(code: int) -> sqlite3.Error:
    error = sqlite3.OperationalError("was")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "helps"),
    [
        (_error(sqlite3.SQLITE_NOTADB), "begin anew"),
        (_error(sqlite3.SQLITE_CORRUPT_INDEX), "begin anew"),
        (_error(sqlite3.SQLITE_READONLY_DBMOVED), "try again"),
        (_error(sqlite3.SQLITE_READONLY), "wait"),
        (_error(sqlite3.SQLITE_FULL), "wait"),
        (_error(sqlite3.SQLITE_BUSY_SNAPSHOT), "wait"),
        (_error(sqlite3.SQLITE_CANTOPEN), "wait"),
        (_error(sqlite3.SQLITE_IOERR_WRITE), "wait"),
        (OSError(28, "No space left on device"), "wait"),
        (_error(sqlite3.SQLITE_CONSTRAINT_NOTNULL), "drop"),
        (sqlite3.ProgrammingError("closed"), "drop"),
        (UnicodeEncodeError("utf-8", "\udcff", 0, 1, "surrogate"), "drop"),
    ],
)
def test_what_helps(error: Exception, helps: Remedy) -> None:
    assert remedy(error) == helps


def test_a_note_keeps_when_it_began(tmp_path: Path) -> None:
    note = TroubleNote(tmp_path / "note")
    assert note.read() is None
    note.path.write_text('{"since": "2024-01-01", "error": "a"}')
    note.write(OSError("b"))
    trouble = note.read()
    assert trouble
    assert (trouble.since, trouble.error) == ("2024-01-01", "b")
    note.path.write_text("[]")
    assert note.read()
    note.remove()
    assert note.read() is None
