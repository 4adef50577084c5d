"""The ledger is a record only: whatever becomes of it, files go their way, and `status` says so."""

from __future__ import annotations

import os
import sqlite3
from collections import Counter
from contextlib import AbstractContextManager, closing, nullcontext
from pathlib import Path

from tests import evidence
from tests.faults.outcome import article, drop, status
from tests.processes import Processes, files_in, paths_in_index, wait_for
from worker.container import Container


def garbage(path: Path) -> AbstractContextManager[object]:
    path.write_bytes(os.urandom(5000))
    return nullcontext()


def folder(path: Path) -> AbstractContextManager[object]:
    path.unlink()
    path.mkdir()
    return nullcontext()


def other_tables(path: Path) -> AbstractContextManager[object]:
    path.unlink()
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE fates (batch TEXT, path TEXT, anderes TEXT)")
    return nullcontext()


def locked(path: Path) -> AbstractContextManager[object]:
    """As whoever writes into it by another program and goes for lunch."""
    database = sqlite3.connect(path, isolation_level=None, timeout=30)
    database.execute("BEGIN IMMEDIATE")
    return closing(database)


def _arrive(container: Container, mark: str) -> list[str]:
    """Drop some files, and wait until they are archived; their names."""
    names = [f"{mark}-{number}.txt" for number in range(4)]
    drop(container, {name: article(name) for name in names})
    archive = container.folders.archive
    wait_for(lambda: set(names) <= set(files_in(archive)), f"the files of {mark!r}", 60)
    return names


def test_a_broken_or_locked_ledger_stops_nothing(
    container: Container, processes: Processes
) -> None:
    path = container.ledger.path
    garbage(path)
    for name in ("watch", "intake"):
        processes.start(name)
    names = _arrive(container, "vorher zerstört")
    for breaks in (folder, locked, garbage, other_tables):
        with breaks(path):
            names += _arrive(container, breaks.__name__)
    evidence.judged(names, files_in(container.folders.archive), paths_in_index(container))
    assert paths_in_index(container) == Counter(names)
    assert files_in(container.folders.failed) == files_in(container.folders.spool) == []
    (note,) = [n for n in status(processes)["notes"] if n["kind"] == "broken_ledger"]
    assert note["items"] == [aside.name for aside in container.ledger.aside()]
    assert len(container.ledger.aside()) >= 2
