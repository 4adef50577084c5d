"""The ledger: what became of every file that was ever dropped, one row each, in SQLite.

It is a record, not a truth: work never depends on it. A redone batch writes the same rows
again (the key is batch and path), so that its counts hold whatever was killed. Only a power cut can
take the last rows away.
"""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

FileFate = Literal["indexed", "duplicate", "failed"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS fates (
    batch TEXT NOT NULL, path TEXT NOT NULL, fate TEXT NOT NULL,
    id TEXT NOT NULL, sha256 TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (batch, path)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counts (fate TEXT PRIMARY KEY, files INTEGER NOT NULL) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS counted AFTER INSERT ON fates BEGIN
    INSERT INTO counts VALUES (new.fate, 1) ON CONFLICT (fate) DO UPDATE SET files = files + 1;
END;
CREATE TRIGGER IF NOT EXISTS uncounted AFTER DELETE ON fates BEGIN
    UPDATE counts SET files = files - 1 WHERE fate = old.fate;
END;
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of one file; ``at`` is ISO 8601 UTC."""

    batch: str
    path: str
    fate: FileFate
    id: str
    sha256: str
    reason: str
    at: str


@dataclass(frozen=True, slots=True)
class _OpenConnection:
    """An open connection, and for whom and to which file it is good."""

    database: sqlite3.Connection
    owner: tuple[int, int]
    file: tuple[int, int] | None


class Ledger:
    """The file ``data/ledger.sqlite``. It may be deleted at any time, and made anew.

    Whoever writes keeps it open: to close it means to wait for the disk, once for each batch.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._open_connection: _OpenConnection | None = None

    def record(self, entries: Iterable[Entry]) -> None:
        """Write the rows; a row that is there already is replaced, not counted twice."""
        rows = [(e.batch, e.path, e.fate, e.id, e.sha256, e.reason, e.at) for e in entries]
        try:
            with self._writer() as database:
                database.executemany(
                    "DELETE FROM fates WHERE batch = ? AND path = ?", [r[:2] for r in rows]
                )
                database.executemany("INSERT INTO fates VALUES (?,?,?,?,?,?,?)", rows)
        except BaseException:
            self._open_connection = None  # whatever it was, the next write starts afresh
            raise

    def counts(self) -> dict[str, int]:
        """How many files were indexed, were duplicates, failed."""
        counts = {"indexed": 0, "duplicate": 0, "failed": 0}
        if self.path.exists():
            with self._open() as database:
                counts.update(database.execute("SELECT fate, files FROM counts").fetchall())
        return counts

    def of_batch(self, batch: str) -> list[Entry]:
        """The rows of one batch, by path."""
        with self._open() as database:
            rows = database.execute("SELECT * FROM fates WHERE batch = ? ORDER BY path", [batch])
            return [Entry(*row) for row in rows]

    def _writer(self) -> sqlite3.Connection:
        """This process's own connection, to the file that is there now."""
        owner = (os.getpid(), threading.get_ident())  # none is good across a fork
        connection = self._open_connection
        if connection is None or connection.owner != owner or connection.file != self._file():
            database = self._connect()
            self._open_connection = connection = _OpenConnection(database, owner, self._file())
        return connection.database

    def _file(self) -> tuple[int, int] | None:
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return None
        return status.st_dev, status.st_ino

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        database = self._connect()
        try:
            with database:
                yield database
        finally:
            database.close()

    def _connect(self) -> sqlite3.Connection:
        with self._making_sure():
            database = sqlite3.connect(self.path, timeout=30)
            try:
                database.execute("PRAGMA journal_mode = WAL")
                database.execute("PRAGMA synchronous = NORMAL")
                database.executescript(_SCHEMA)
            except BaseException:
                database.close()
                raise
            return database

    @contextmanager
    def _making_sure(self) -> Iterator[None]:
        """Where the file was deleted alone, what it left beside it goes first, in one process.

        Another process may still hold those for the old file; with them a new one cannot be used.
        """
        with self._companion("lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not self.path.exists():
                for left in ("wal", "shm"):
                    self._companion(left).unlink(missing_ok=True)
            yield

    def _companion(self, kind: str) -> Path:
        return self.path.with_name(f"{self.path.name}-{kind}")
