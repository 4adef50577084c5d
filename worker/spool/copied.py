"""Which files of the archive have a copy elsewhere, and which of these have to go, in SQLite.

``data/copies.sqlite`` is there only where ``DEPESCHE_ARCHIVE`` was ever set. What leaves the
archive by Depesche's own hand is noted here first, and its copy follows; what a person or a broken
disk takes away is not, and its copy stays. Lost, it is made again: each copy is read once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from worker.spool.lasting_file import LastingFile

#: Below the data folder.
NAME = "copies.sqlite"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS copies (
    key TEXT PRIMARY KEY, path BLOB NOT NULL, sha256 TEXT NOT NULL DEFAULT '',
    size INTEGER NOT NULL DEFAULT 0, mtime INTEGER NOT NULL DEFAULT 0,
    leaving INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS leaving ON copies (key) WHERE leaving;
CREATE TABLE IF NOT EXISTS said (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""
_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Copied:
    """A file as it was when its copy was read back; ``mtime`` in nanoseconds."""

    sha256: str
    size: int
    mtime: int


class ArchiveCopies:
    """The file. Every method raises ``ServiceUnavailable`` where SQLite or the disk refuses."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = LastingFile(path, _SCHEMA, "which files have a copy")

    def exist(self) -> bool:
        """Whether any copy was ever made."""
        return self._file.exists()

    def begin(self, key: str, path: bytes) -> bool:
        """Note that a copy is about to be there; false where it has to go first."""
        with self._file.writing() as database:
            row = "INSERT INTO copies (key, path) VALUES (?,?)"
            again = " ON CONFLICT (key) DO UPDATE SET sha256 = '', size = 0, mtime = 0"
            database.execute(row + again, (key, path))
            told = database.execute("SELECT leaving FROM copies WHERE key = ?", [key]).fetchone()
        return not told[0]

    def confirm(self, key: str, copied: Copied) -> None:
        """What was read back is what the file is; one that has to go stays so."""
        with self._file.writing() as database:
            row = "UPDATE copies SET sha256 = ?, size = ?, mtime = ? WHERE key = ?"
            database.execute(row, (copied.sha256, copied.size, copied.mtime, key))

    def leave(self, key: str, path: bytes) -> None:
        """The file goes, or went: its copy is to go too. Nothing where there never were copies."""
        if not self.exist():
            return
        with self._file.writing() as database:
            row = "INSERT INTO copies (key, path, leaving) VALUES (?,?,1)"
            again = " ON CONFLICT (key) DO UPDATE SET leaving = 1"
            database.execute(row + again, (key, path))

    def forget(self, keys: Iterable[str]) -> None:
        """Nothing is known of them any more."""
        with self._file.writing() as database:
            database.executemany("DELETE FROM copies WHERE key = ?", [(key,) for key in keys])

    def leaving(self) -> list[tuple[str, bytes]]:
        """(key, path) of each copy that is to go."""
        with self._file.reading() as database:
            rows = "SELECT key, path FROM copies WHERE leaving"
            return database.execute(rows).fetchall() if database else []

    def confirmed(self, keys: Sequence[str]) -> dict[str, Copied]:
        """By key, those that were read back."""
        found: dict[str, Copied] = {}
        with self._file.reading() as database:
            for start in range(0, len(keys) if database else 0, _CHUNK):
                chunk = keys[start : start + _CHUNK]
                marks = ",".join("?" * len(chunk))
                query = (
                    "SELECT key, sha256, size, mtime FROM copies"  # noqa: S608  (our own text)
                    f" WHERE sha256 != '' AND NOT leaving AND key IN ({marks})"
                )
                assert database  # noqa: S101  (narrows the type)
                for key, *row in database.execute(query, list(chunk)):
                    found[key] = Copied(*row)
        return found

    def say(self, **said: str) -> None:
        """For ``status``: how many wait, and what is wrong."""
        with self._file.writing() as database:
            rows = "INSERT OR REPLACE INTO said VALUES (?,?)"
            database.executemany(rows, list(said.items()))

    def said(self) -> dict[str, str]:
        """What was said last."""
        with self._file.reading() as database:
            return dict(database.execute("SELECT name, value FROM said")) if database else {}
