"""The ledger's counts hold, whatever is done twice and whoever writes at the same time."""

from __future__ import annotations

import multiprocessing
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from worker.spool.ledger import Entry, FileFate, Ledger

FATES: tuple[FileFate, ...] = ("indexed", "duplicate", "corrected", "failed")

WRITE = """
import sys
from pathlib import Path
from worker.spool import ledger_file
from worker.spool.ledger import Entry, Ledger
ledger_file.BUSY_SECONDS = 60.0
ledger, batch = Ledger(Path(sys.argv[1])), sys.argv[2]
sys.stdin.read()
for number in range(25):
    ledger.record([Entry(batch, f"{number}.txt", "indexed", "t-1", "", "", "2024-01-01")])
"""


HOLD = """
import sys
from pathlib import Path
from worker.spool.ledger import Entry, Ledger
ledger = Ledger(Path(sys.argv[1]))
ledger.record([Entry("1", "a.txt", "indexed", "t-1", "", "", "2024-01-01")])
print("open", flush=True)
sys.stdin.read()
ledger.record([Entry("4", "d.txt", "indexed", "t-1", "", "", "2024-01-01")])
"""


def entry(batch: str, path: str, fate: FileFate = "indexed", reason: str = "") -> Entry:
    return Entry(batch, path, fate, "t-1", "ab", reason, "2024-01-01T00:00:00Z")


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.sqlite")


def test_before_the_first_file_all_counts_are_zero_and_nothing_is_written(ledger: Ledger) -> None:
    assert ledger.counts() == {"indexed": 0, "duplicate": 0, "failed": 0}
    assert not ledger.path.exists()


def test_rows_come_back_as_they_were_by_path(ledger: Ledger) -> None:
    rows = [entry("1", "b.txt", "failed", "Grund \u00fc\n\u2028"), entry("1", "a\\xff.txt")]
    ledger.record([*rows, entry("2", "a.txt")])
    assert ledger.of_batch("1") == [rows[1], rows[0]]
    assert ledger.of_batch("3") == []


def test_a_redone_batch_counts_once(ledger: Ledger) -> None:
    rows = [entry("1", f"{number}.txt") for number in range(10)]
    ledger.record(rows[:6])
    ledger.record(rows)
    ledger.record(rows[4:])
    assert ledger.counts() == {"indexed": 10, "duplicate": 0, "failed": 0}


def test_another_fate_replaces_the_first(ledger: Ledger) -> None:
    ledger.record([entry("1", "a.txt", "failed", "why")])
    ledger.record([entry("1", "a.txt", "indexed")])
    assert ledger.counts() == {"indexed": 1, "duplicate": 0, "failed": 0}
    assert [row.fate for row in ledger.of_batch("1")] == ["indexed"]


def test_nothing_is_a_record_too(ledger: Ledger) -> None:
    ledger.record([])
    ledger.record(iter([entry("1", "a.txt")]))
    assert ledger.counts()["indexed"] == 1


def test_a_ledger_that_was_deleted_meanwhile_begins_anew(ledger: Ledger) -> None:
    ledger.record([entry("1", "a.txt")])
    for file in ledger.path.parent.iterdir():
        file.unlink()
    ledger.record([entry("2", "b.txt")])
    assert Ledger(ledger.path).counts()["indexed"] == 1
    ledger.record([entry("2", "c.txt")])
    assert [row.path for row in Ledger(ledger.path).of_batch("2")] == ["b.txt", "c.txt"]


def test_without_its_shared_files_it_is_whole_too(ledger: Ledger) -> None:
    """Somebody deletes the ledger alone, and its log stays behind."""
    ledger.record([entry("1", "a.txt")])
    ledger.path.unlink()
    ledger.record([entry("2", "b.txt")])
    assert Ledger(ledger.path).counts()["indexed"] == 1


def test_deleted_alone_it_is_whole_while_another_process_has_it_open(ledger: Ledger) -> None:
    """What the other holds of the old file must not get into the new one."""
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(ledger.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert other.stdin is not None
    assert other.stdout is not None
    assert other.stdout.readline() == b"open\n"
    ledger.record([entry("2", "b.txt")])
    ledger.path.unlink()
    for number in range(3):
        ledger.record([entry(f"3{number}", "c.txt")])
    assert Ledger(ledger.path).counts()["indexed"] == 3
    other.stdin.close()
    assert other.wait(30) == 0
    assert Ledger(ledger.path).counts()["indexed"] == 4


def test_rows_that_are_at_fault_spoil_none_after_them(ledger: Ledger) -> None:
    ledger.record([entry("1", "a.txt")])
    ledger.record([entry("2", "b.txt"), entry("2", None)])  # type: ignore[arg-type]
    ledger.record([entry("2", "\udcff")])
    assert ledger.trouble()
    ledger.record([entry("3", "c.txt")])
    assert ledger.trouble() is None
    assert ledger.counts()["indexed"] == 2
    assert ledger.of_batch("2") == []


def test_a_forked_child_writes_by_a_connection_of_its_own(ledger: Ledger) -> None:
    ledger.record([entry("1", "a.txt")])
    child = multiprocessing.get_context("fork").Process(
        target=ledger.record, args=([entry("2", "b.txt")],)
    )
    child.start()
    child.join(30)
    ledger.record([entry("3", "c.txt")])
    assert (child.exitcode, ledger.counts()["indexed"]) == (0, 3)


def plans(ledger: Ledger, statements: Sequence[str]) -> list[str]:
    """How SQLite comes by the rows of what was asked for by ids."""
    asked = [text for text in statements if " id IN (" in text or " id = " in text]
    with closing(sqlite3.connect(ledger.path)) as database:
        lines = [row[3] for s in asked for row in database.execute(f"EXPLAIN QUERY PLAN {s}")]
    return [line for line in lines if " fates" in line]


def test_what_is_asked_for_by_ids_is_not_looked_for_in_all_rows(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    statements, connect = list[str](), sqlite3.connect

    def traced(*arguments: object, **options: object) -> sqlite3.Connection:
        database: sqlite3.Connection = connect(*arguments, **options)  # type: ignore[call-overload]
        database.set_trace_callback(statements.append)
        return database

    ledger.record([entry("1", "a.txt"), entry("2", "b.txt", "duplicate")])
    ledger.close()
    monkeypatch.setattr(sqlite3, "connect", traced)
    assert len(ledger.of_documents(["t-1", "t-2"])) == 2
    assert len(ledger.duplicates("t-1", datetime(1970, 1, 1, tzinfo=UTC))) == 1
    ledger.withdrawn(["t-1", "t-2"])
    ledger.restored(["t-1"])
    monkeypatch.undo()
    found = plans(ledger, statements)
    assert len(found) >= 6
    assert [plan for plan in found if "by_document (id=?" not in plan] == []


#: What an older release made.
OLDER = """
CREATE TABLE fates (
    batch TEXT NOT NULL, path TEXT NOT NULL, fate TEXT NOT NULL,
    id TEXT NOT NULL, sha256 TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (batch, path)
) WITHOUT ROWID;
INSERT INTO fates VALUES ('1', 'a.txt', 'indexed', 't-1', 'ab', '', '2024-01-01');
"""


def test_a_ledger_of_an_older_release_is_indexed_when_it_is_written(ledger: Ledger) -> None:
    with closing(sqlite3.connect(ledger.path)) as database:
        database.executescript(OLDER)
    assert len(ledger.of_documents(["t-1"])) == len(ledger.of_digests(["ab"])) == 1
    assert [row.path for row in ledger.about(["t-1"], [])] == ["a.txt"]
    ledger.record([entry("2", "b.txt")])
    with closing(sqlite3.connect(ledger.path)) as database:
        made = {name for (name,) in database.execute("SELECT name FROM pragma_index_list('fates')")}
    assert {"by_document", "by_path", "by_bytes"} <= made
    assert len(ledger.of_documents(["t-1"])) == len(ledger.of_digests(["ab"])) == 2


records = st.lists(
    st.lists(
        st.tuples(st.sampled_from("12"), st.sampled_from("abcd"), st.sampled_from(FATES)),
        max_size=5,
        unique_by=lambda row: row[:2],
    ),
    max_size=6,
)


@settings(deadline=None, max_examples=30)
@given(records)
def test_the_counts_are_those_of_the_rows(
    tmp_path_factory: pytest.TempPathFactory, calls: Sequence[Sequence[tuple[str, str, FileFate]]]
) -> None:
    ledger = Ledger(tmp_path_factory.mktemp("ledger") / "ledger.sqlite")
    last: dict[tuple[str, str], FileFate] = {}
    for call in calls:
        ledger.record(entry(*row) for row in call)
        last |= {(batch, path): fate for batch, path, fate in call}
    counts = {fate: count for fate, count in ledger.counts().items() if count}
    assert counts == Counter(last.values())
    assert len(ledger.of_batch("1")) == sum(batch == "1" for batch, _ in last)


def test_processes_that_write_at_once_lose_nothing(ledger: Ledger) -> None:
    """Three start together on a ledger that is not there yet."""
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITE, str(ledger.path), str(number)], stdin=subprocess.PIPE
        )
        for number in range(3)
    ]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.close()
    assert [writer.wait(60) for writer in writers] == [0, 0, 0]
    assert ledger.counts()["indexed"] == 75
