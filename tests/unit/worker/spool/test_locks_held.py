"""What is held by SQLite stays held, whatever else the process does to that file.

A descriptor that is closed takes all locks of its process on the file along: a transaction of
another thread then had none, and the next reader took its journal for that of a dead one.
"""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest

from articles.errors import ServiceUnavailable
from worker.mirror import state
from worker.spool.lasting_file import LastingFile
from worker.spool.ledger_file import LedgerFile

SCHEMA = "CREATE TABLE IF NOT EXISTS words (word TEXT);"
#: What another process gets to hear that wants to write.
OTHER = """
import sqlite3, sys
database = sqlite3.connect(sys.argv[1], timeout=0.2, isolation_level=None)
try:
    database.execute("BEGIN IMMEDIATE")
except sqlite3.OperationalError as error:
    print(error)
"""


def lasting(path: Path) -> LastingFile:
    return LastingFile(path, SCHEMA, "what is tried")


def looks(path: Path) -> None:
    lasting(path).changes()


def wants_to_write(path: Path) -> None:
    with suppress(ServiceUnavailable), lasting(path).writing() as database:
        database.execute("INSERT INTO words VALUES ('zwei')")


def opens_a_ledger(path: Path) -> None:
    with suppress(sqlite3.Error):
        LedgerFile(path).writer().close()


def opens_a_mirror(path: Path) -> None:
    with suppress(sqlite3.Error), state.opened(path, make=True):
        pass


@pytest.mark.parametrize("does", [looks, wants_to_write, opens_a_ledger, opens_a_mirror])
def test_what_another_thread_does_to_the_file_takes_no_lock(
    tmp_path: Path, does: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("worker.spool.lasting_file", "worker.spool.ledger_file", "worker.mirror.state"):
        monkeypatch.setattr(f"{module}.BUSY_SECONDS", 2.0)
    path = tmp_path / "words.sqlite"
    with lasting(path).writing() as database:
        database.execute("INSERT INTO words VALUES ('eins')")
    thread = threading.Thread(target=does, args=[path])
    with lasting(path).writing() as database:
        database.execute("INSERT INTO words VALUES ('drei')")
        thread.start()
        thread.join(0.5)
        assert said_to_another_process(path) == "database is locked"
    thread.join()
    with closing(sqlite3.connect(path)) as database:
        words = {word for (word,) in database.execute("SELECT word FROM words")}
    assert words >= {"eins", "drei"}


def said_to_another_process(path: Path) -> str:
    call = [sys.executable, "-I", "-c", OTHER, str(path)]
    return subprocess.run(call, capture_output=True, text=True, check=True).stdout.strip()


def test_each_change_is_seen_and_nothing_else(tmp_path: Path) -> None:
    file = lasting(tmp_path / "words.sqlite")
    assert file.changes() == b""
    seen = set()
    for word in "abc":
        with file.writing() as database:
            database.execute("INSERT INTO words VALUES (?)", [word])
        seen.add(file.changes())
        assert file.changes() in seen
    assert len(seen) == 3
    with suppress(ZeroDivisionError), file.writing() as database:
        database.execute("INSERT INTO words VALUES ('d')")
        1 / 0  # noqa: B018
    assert file.changes() in seen
