"""A file of SQLite that is a truth: each change is on disk behind one, and nothing stays in it."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from articles.errors import ServiceUnavailable

BUSY_SECONDS = 10.0
#: Bytes, and where: "file change counter" in SQLite's header.
_COUNT = 4, 24


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

        It is SQLite's own count, and cheaper to look at than anything it could be asked.
        """
        with self._translated():
            try:
                with self.path.open("rb", buffering=0) as file:
                    return os.pread(file.fileno(), *_COUNT)
            except FileNotFoundError:
                return b""

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
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            with closing(self._connect()) as database:
                database.executescript(self._schema)
                database.execute("BEGIN IMMEDIATE")
                yield database
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
                "nothing is indexed until it is."
            ) from error
