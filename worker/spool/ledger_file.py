"""The ledger's file: connections to it, and another name for one that is broken.

ledger.sqlite                    with SQLite's own -wal and -shm
ledger.sqlite-lock               held (flock) by whoever opens it for writing
ledger.sqlite.broken-<time>      what was no ledger any more; SQLite's own go along
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from worker.atomic import make_private
from worker.lock import locked
from worker.spool.ledger_trouble import say

#: For a lock that another holds. Short: whoever waits here keeps articles waiting.
BUSY_SECONDS = 3.0
#: Files that are set aside at most: then the disk is at fault, or a program.
KEPT = 5

_ASIDE = "broken-"
_SQLITES_OWN = ("-wal", "-shm")
#: A digest is told from all others by its beginning, which takes a quarter in the index. An older
#: release made ``fates`` without rowids: there each index has the whole key in it.
_SCHEMA = """
BEGIN IMMEDIATE;
CREATE TABLE IF NOT EXISTS fates (
    batch TEXT NOT NULL, path TEXT NOT NULL, fate TEXT NOT NULL,
    id TEXT NOT NULL, sha256 TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (batch, path)
);
CREATE TABLE IF NOT EXISTS past (
    batch TEXT NOT NULL, path TEXT NOT NULL, fate TEXT NOT NULL,
    id TEXT NOT NULL, sha256 TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (batch, path, fate)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS counts (fate TEXT PRIMARY KEY, files INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_document ON fates (id);
CREATE INDEX IF NOT EXISTS by_path ON fates (path, batch);
CREATE INDEX IF NOT EXISTS by_bytes ON fates (substr(sha256, 1, 16));
CREATE INDEX IF NOT EXISTS past_by_document ON past (id);
CREATE INDEX IF NOT EXISTS past_by_path ON past (path);
CREATE INDEX IF NOT EXISTS failures ON fates (path) WHERE fate = 'failed';
CREATE TRIGGER IF NOT EXISTS counted AFTER INSERT ON fates BEGIN
    INSERT INTO counts VALUES (new.fate, 1) ON CONFLICT (fate) DO UPDATE SET files = files + 1;
END;
CREATE TRIGGER IF NOT EXISTS uncounted AFTER DELETE ON fates BEGIN
    UPDATE counts SET files = files - 1 WHERE fate = old.fate;
END;
CREATE TRIGGER IF NOT EXISTS recounted AFTER UPDATE OF fate ON fates BEGIN
    UPDATE counts SET files = files - 1 WHERE fate = old.fate;
    INSERT INTO counts VALUES (new.fate, 1) ON CONFLICT (fate) DO UPDATE SET files = files + 1;
END;
COMMIT;
"""

Identity = tuple[int, int] | None


class LedgerFile:
    """One path, and whatever lies there."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def identity(self) -> Identity:
        """What tells the file that is there now from any other; None where there is none."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return None
        return status.st_dev, status.st_ino

    def writer(self) -> sqlite3.Connection:
        """A connection to the file, which is made if it is not there, with our tables in it."""
        with self._locked():
            self._make_way()
            make_private(self.path)  # articles' names and ids
            database = sqlite3.connect(self.path, timeout=BUSY_SECONDS)
            try:
                database.execute("PRAGMA journal_mode = WAL")
                database.execute("PRAGMA synchronous = NORMAL")
                database.executescript(_SCHEMA)
            except BaseException:
                database.close()
                raise
            return database

    @contextmanager
    def reader(self) -> Iterator[sqlite3.Connection | None]:
        """A connection to read by, and no file is made; None where no row was ever written.

        It could write: one that cannot would leave SQLite's own files behind when it is closed.
        """
        if self.identity() is None:
            yield None
            return
        uri = f"{self.path.absolute().as_uri()}?mode=rw"
        with closing(sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS)) as database:
            tables = database.execute("SELECT count(*) FROM sqlite_master").fetchone()
            yield database if tables[0] else None

    def set_aside(self, broken: Identity) -> bool:
        """Give the broken file another name, unless somebody did so before; False: it stays.

        Raises ``OSError`` where the file system refuses.
        """
        with self._locked():
            if broken is not None and broken == self.identity():
                return self._rename()
        return True

    def aside(self) -> list[Path]:
        """The files that were set aside, oldest first."""
        beside = self.path.parent.glob(f"{self.path.name}.{_ASIDE}*")
        return sorted(path for path in beside if not path.name.endswith(_SQLITES_OWN))

    def _make_way(self) -> None:
        """What can be no ledger goes; of a file that was deleted alone, what it left beside it.

        Another process may still hold those for the old file; with them a new one cannot be used.
        """
        if not self.path.exists():
            for own in _SQLITES_OWN:
                self._beside(own).unlink(missing_ok=True)
        elif not self.path.is_file():
            self._rename()

    def _rename(self) -> bool:
        if len(self.aside()) >= KEPT:
            return False
        now = datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")
        target = self._beside(f".{_ASIDE}{now}")
        self.path.rename(target)
        for own in _SQLITES_OWN:
            with suppress(FileNotFoundError):
                self._beside(own).rename(target.with_name(f"{target.name}{own}"))
        say("ledger.set_aside", path=str(self.path), now=str(target))
        return True

    def _locked(self) -> AbstractContextManager[None]:
        return locked(self._beside("-lock"), BUSY_SECONDS)

    def _beside(self, ending: str) -> Path:
        return self.path.with_name(f"{self.path.name}{ending}")
