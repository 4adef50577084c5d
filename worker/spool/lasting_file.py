"""A file of SQLite that is a truth: each change is on disk behind one, and nothing stays in it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from articles.errors import ServiceUnavailable
from worker.atomic import make_private

BUSY_SECONDS = 10.0
#: The number of changes is kept in 31 bits.
_MOST = 2**31
#: What tells nothing of the file itself: it is in use, or may not be opened.
_NOT_NOW = {
    *(sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM),
    *(sqlite3.SQLITE_READONLY, sqlite3.SQLITE_NOMEM),
}


class LastingFile:
    """One path. Every method raises ``ServiceUnavailable`` where SQLite or the disk refuses."""

    def __init__(self, path: Path, schema: str, lost: str) -> None:
        """``schema`` makes the tables; ``lost`` is what is not known where it cannot be read."""
        self.path = path
        self._schema = schema
        self._lost = lost

    def exists(self) -> bool:
        """Whether anything was ever written into it."""
        with self._translated():
            return self.path.exists()

    def changes(self) -> bytes:
        """What is another with each change; empty where there is no file.

        SQLite is asked for it, though its own count stands in the file: see ``make_private``.
        """
        with self.reading() as database:
            return f"{self.path.stat().st_ino} {_changes(database)}".encode() if database else b""

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection | None]:
        """A connection; None where there is no file, and none is made."""
        if not self.exists():
            yield None
            return
        with self._translated(), closing(self._connect()) as database:
            known = database.execute("SELECT count(*) FROM sqlite_master").fetchone()
            yield database if known[0] else None

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """A connection within a transaction, which is on disk behind it."""
        with self._translated():
            make_private(self.path)
            with closing(self._connect()) as database:
                database.executescript(self._schema)
                database.execute("BEGIN IMMEDIATE")
                yield database
                count = (_changes(database) + 1) % _MOST
                database.execute(f"PRAGMA user_version = {count}")
                database.execute("COMMIT")

    def _connect(self) -> sqlite3.Connection:
        """No write-ahead log: it needs memory that the hosts of a shared folder have not."""
        uri = f"{self.path.absolute().as_uri()}?mode=rw"
        database = sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS, isolation_level=None)
        database.execute("PRAGMA synchronous = EXTRA")
        database.execute("PRAGMA secure_delete = ON")
        return database

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError) as error:
            raise ServiceUnavailable(
                f"{self.path} cannot be used ({error}): {self._lost} is not known, and "
                "where it is not, nothing is indexed."
            ) from error


def damage(path: Path) -> str:
    """What SQLite finds wrong with a file, first; empty for a whole one, and for none.

    Reading what one wants may never touch what is broken. Raises ``ServiceUnavailable`` where
    SQLite cannot look.
    """
    try:
        said = _quick_check(path) if path.exists() else "ok"
    except (sqlite3.Error, OSError) as error:
        # By its extended code SQLite says more of the same: the lowest byte is what it is.
        if isinstance(error, OSError) or error.sqlite_errorcode & 0xFF in _NOT_NOW:
            unknown = f"{path} cannot be used ({error}): whether it is whole is not known."
            raise ServiceUnavailable(unknown) from error
        return str(error)
    return "" if said == "ok" else " ".join(said.split())


def _quick_check(path: Path) -> str:
    uri = f"{path.absolute().as_uri()}?mode=rw"
    with closing(sqlite3.connect(uri, uri=True, timeout=BUSY_SECONDS)) as database:
        return str(database.execute("PRAGMA quick_check(1)").fetchone()[0])


def _changes(database: sqlite3.Connection) -> int:
    """How often it was written; 0 where an older release has done it."""
    return int(database.execute("PRAGMA user_version").fetchone()[0])


def has_table(database: sqlite3.Connection, name: str) -> bool:
    """Whether it is there: an older release may have made the file without."""
    query = "SELECT 1 FROM sqlite_master WHERE name = ?"
    return database.execute(query, [name]).fetchone() is not None
