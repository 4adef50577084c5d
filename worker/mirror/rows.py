"""One connection to the rows of a mirror, and what all who change them need."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

#: Rows that are read, or changed in one transaction.
PAGE = 5_000
#: Rows of one document, the first value. The second half has SQLite look into the indices on ids,
#: which leave out what has none: it does not see that no id is "".
OF_DOCUMENT = "id = ?1 AND id != ''"
#: Files of which anything is in the index. Others are quickly made.
HAS_DOCUMENT = (
    "(id != '' OR EXISTS (SELECT 1 FROM members WHERE container = files.path AND members.id != ''))"
)
#: Events that are kept: the last ones.
MOST_EVENTS = 100_000
#: The state of a file that has the bytes that it had, by what is written of it.
AS_BEFORE = (
    "CASE WHEN reason = '' THEN 'indexed'"
    " WHEN reason IN ('unpacked', 'withdrawn') THEN reason ELSE 'failed' END"
)


class Rows:
    """The rows of one mirror, by an open connection of one thread."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._db = database

    def about(self) -> dict[str, str]:
        """What is said of the mirror: ``root``, ``paused``, ``away`` …"""
        return dict(self._db.execute("SELECT name, value FROM about"))

    def say(self, **values: object) -> None:
        """Say something of the mirror; an empty text takes it back."""
        with self._together():
            rows = [(name, str(value)) for name, value in values.items()]
            self._db.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", rows)

    def gone(self) -> int:
        """How many files are missed."""
        return self._one("SELECT count(*) FROM files WHERE gone > 0")

    def takes(self) -> tuple[Path, int, int]:
        """The file, the bytes of what is known, and those that the file has left for more."""
        query = (
            "SELECT CAST(file AS BLOB), (page_count - freelist_count) * page_size,"
            " freelist_count * page_size FROM pragma_database_list, pragma_page_count,"
            " pragma_freelist_count, pragma_page_size WHERE name = 'main'"
        )
        file, used, spare = self._db.execute(query).fetchone()
        return Path(os.fsdecode(file)), used, spare

    @contextmanager
    def _together(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def _touch(self, query: str, values: Sequence[object]) -> None:
        self._db.execute(
            f"INSERT INTO touched SELECT id, 0 FROM ({query}) WHERE id != ''"  # noqa: S608
            " ON CONFLICT (id) DO UPDATE SET turn = turn + 1",
            values,
        )

    def _happened(self, what: str, path: bytes, was: bytes = b"") -> None:
        """Write down that a file with documents ``was`` there and has moved, or was deleted."""
        query = (
            "INSERT INTO events SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), ?, ?, ?, id"  # noqa: S608
            f" FROM files WHERE path = ? AND {HAS_DOCUMENT}"
        )
        self._db.execute(query, (what, path, was, was or path))
        first = "(SELECT max(rowid) FROM events) - ?"
        self._db.execute(f"DELETE FROM events WHERE rowid <= {first}", (MOST_EVENTS,))  # noqa: S608

    def _forget_members(self, container: bytes, batch: str) -> None:
        """Those that are not of this batch: the container has them no more."""
        where = "container = ? AND batch != ?"
        self._touch(f"SELECT id FROM members WHERE {where}", (container, batch))  # noqa: S608
        self._db.execute(f"DELETE FROM members WHERE {where}", (container, batch))  # noqa: S608

    def _one(self, query: str, values: Sequence[object] = ()) -> int:
        return int(self._db.execute(query, values).fetchone()[0])
