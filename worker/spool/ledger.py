"""The ledger: what became of every file that was ever dropped, one row each, in SQLite.

It is a record, not a truth: work never depends on it, and whatever goes wrong with it costs rows
alone. A redone batch writes the same rows again (the key is batch and path), so that its counts
hold whatever was killed. Only a power cut can take the last rows away, and a death those that wait
for a lock or a disk.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from itertools import product
from pathlib import Path
from typing import Literal

from extraction.formats.saved_page import BEHIND_PAGE
from worker.spool.lasting_file import has_table
from worker.spool.ledger_file import Identity, LedgerFile
from worker.spool.ledger_trouble import FAULTS, Trouble, TroubleNote, remedy, say
from worker.spool.spool import stamp

FileFate = Literal["indexed", "duplicate", "corrected", "unpacked", "asset", "failed", "withdrawn"]

#: Rows that wait in memory for a ledger that takes none; beyond that the oldest are lost.
MOST_LATE = 10_000
#: Seconds until a ledger that took none is asked again: each time may cost a batch a wait.
REST_SECONDS = 15.0
_CHUNK = 500
#: Fates of files that are kept, and are put away with the article that they hold.
KEPT = ("indexed", "duplicate", "corrected")
_KEPT = ", ".join(f"'{fate}'" for fate in KEPT)

#: The first half has SQLite look into the index ``by_bytes``.
_OF_DIGESTS = (
    "substr(sha256, 1, 16) IN (SELECT substr(value, 1, 16) FROM json_each(?1))"
    " AND sha256 IN (SELECT value FROM json_each(?1))"
)
#: What is no more so counts for nothing, and is told by ``about``.
_IS_PAST = "INSERT OR REPLACE INTO past SELECT * FROM fates WHERE"
_LAST_FAILURE = """(batch, path) IN (
    SELECT batch, path FROM fates WHERE path = ? AND fate = 'failed' ORDER BY at DESC LIMIT 1
)"""
#: Those that stand in ``past`` with what they were before they were withdrawn are left out.
_ABOUT = "SELECT * FROM fates WHERE (id IN ({0}) OR path IN ({1}))"
_ABOUT_PAST = f"""
{_ABOUT} AND NOT (fate = 'withdrawn' AND reason = '' AND (batch, path) IN (
    SELECT batch, path FROM past WHERE id IN ({{0}}) OR path IN ({{1}})
)) UNION ALL SELECT * FROM past WHERE id IN ({{0}}) OR path IN ({{1}})"""  # noqa: S608


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
    file: Identity


class Ledger:
    """The file ``data/ledger.sqlite``. It may be deleted at any time, and made anew.

    Whoever writes keeps it open: to close it means to wait for the disk, once for each batch.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = LedgerFile(path)
        self._note = TroubleNote(path.with_name(f"{path.name}.trouble"))
        self._open_connection: _OpenConnection | None = None
        self._late: deque[Entry] = deque(maxlen=MOST_LATE)
        self._resting_until = 0.0
        self._one_at_a_time = threading.Lock()

    def record(self, entries: Iterable[Entry]) -> None:
        """Write the rows; a row that is there already is replaced, not counted twice.

        Raises nothing that SQLite or the disk does. Where the ledger is broken it is set aside
        and a new one begun; where it is locked or cannot be written the rows wait in memory.
        """
        with self._one_at_a_time:
            self._late.extend(entries)
            if not self._late or time.monotonic() < self._resting_until:
                return
            try:
                self._write_or_mend()
            except FAULTS as error:
                self._missed(error)
            else:
                self._late.clear()
                self._note.remove()

    def retried(self, paths: Iterable[str]) -> None:
        """Files that had failed are on their way again: each counts when it ends, and not twice.

        The last failure of each path goes. Raises nothing: where the ledger takes no change, they
        count as two files.
        """
        rows = [(path,) for path in paths]
        with self._one_at_a_time, suppress(*FAULTS):
            try:
                with self._writer() as database:
                    database.executemany(f"{_IS_PAST} {_LAST_FAILURE}", rows)
                    database.executemany(f"DELETE FROM fates WHERE {_LAST_FAILURE}", rows)  # noqa: S608
            finally:
                self.close()

    def withdrawn(self, ids: Iterable[str]) -> None:
        """Files of these documents were taken down: each counts as that from now on.

        Raises nothing, as :meth:`retried`.
        """
        which = f"fate IN ({_KEPT}) AND id IN ({{}})"
        self._change(which, "UPDATE fates SET fate = 'withdrawn'", ids)

    def restored(self, ids: Iterable[str]) -> None:
        """Files that were taken down are on their way again: each counts when it ends."""
        self._change("fate = 'withdrawn' AND id IN ({})", "DELETE FROM fates", ids)

    def _change(self, which: str, change: str, ids: Iterable[str]) -> None:
        wanted = list(ids)
        with self._one_at_a_time, suppress(*FAULTS):
            try:
                with self._writer() as database:
                    for start in range(0, len(wanted), _CHUNK):
                        chunk = wanted[start : start + _CHUNK]
                        where = which.format(",".join("?" * len(chunk)))
                        told = f"{_IS_PAST} {where} AND NOT (fate = 'withdrawn' AND reason = '')"
                        database.execute(told, chunk)
                        database.execute(f"{change} WHERE {where}", chunk)
            finally:
                self.close()

    def of_documents(self, ids: Sequence[str]) -> list[Entry]:
        """The rows of files that hold these documents' articles. Raises what SQLite does."""
        return self._where("id IN (SELECT value FROM json_each(?1))", ids)

    def of_digests(self, digests: Sequence[str]) -> list[Entry]:
        """The rows of files with these bytes (SHA-256), also of such that failed: they have no id.

        Raises likewise.
        """
        return self._where(_OF_DIGESTS, digests)

    def known_paths(self, paths: Sequence[str]) -> set[str]:
        """Those of the paths that a file had which did not fail. Raises likewise."""
        there = "SELECT 1 FROM fates WHERE path = value AND fate != 'failed'"
        query = f"SELECT value FROM json_each(?) WHERE EXISTS ({there})"  # noqa: S608  (our own text)
        with self._file.reader() as database:
            rows = database.execute(query, [json.dumps(paths)]) if database else ()
            return {str(path) for (path,) in rows}

    def has_container(self, paths: Sequence[str]) -> bool:
        """Whether at one of the paths was a file of many articles, or one that failed.

        What failed may be such. Raises likewise.
        """
        which = "path IN (SELECT value FROM json_each(?)) AND fate IN ('unpacked', 'failed')"
        query = f"SELECT 1 FROM fates WHERE {which} LIMIT 1"  # noqa: S608  (our own text)
        with self._file.reader() as database:
            found = database.execute(query, [json.dumps(paths)]).fetchone() if database else None
            return found is not None

    def unread(self, paths: Sequence[str]) -> dict[str, str]:
        """Those of the paths at which a file was whose bytes are not known, with its last fate.

        It was a file of many articles, or one that failed without being read. Raises likewise.
        """
        which = "path IN (SELECT value FROM json_each(?)) AND sha256 = ''"
        fates = "fate IN ('unpacked', 'failed') ORDER BY at"
        query = f"SELECT path, fate FROM fates WHERE {which} AND {fates}"  # noqa: S608  (our own text)
        with self._file.reader() as database:
            return dict(database.execute(query, [json.dumps(paths)])) if database else {}

    def _where(self, condition: str, values: Sequence[str]) -> list[Entry]:
        query = f"SELECT * FROM fates WHERE {condition}"  # noqa: S608  (our own text)
        found: list[Entry] = []
        with self._file.reader() as database:
            for start in range(0, len(values) if database else 0, _CHUNK):
                chunk = json.dumps(values[start : start + _CHUNK])
                assert database  # noqa: S101  (narrows the type)
                found += [Entry(*row) for row in database.execute(query, [chunk])]
        return found

    def assets_beside(self, pages: Iterable[str]) -> Iterator[Entry]:
        """The rows of files in folders that may belong to these saved pages (``saved_page``).

        ``pages`` are their paths without the ending. Raises likewise.
        """
        query = "SELECT * FROM fates WHERE path >= ? AND path < ? AND fate = 'asset'"
        with self._file.reader() as database:
            for page, mark in product(pages if database else (), BEHIND_PAGE):
                assert database  # noqa: S101  (narrows the type)
                bounds = (f"{page}{mark}", f"{page}{chr(ord(mark) + 1)}")
                yield from (Entry(*row) for row in database.execute(query, bounds))

    def articles(self) -> Iterator[Entry]:
        """The rows of files that hold articles, of all that there are. Raises likewise."""
        query = f"SELECT * FROM fates WHERE fate IN ({_KEPT})"  # noqa: S608  (our own text)
        with self._file.reader() as database:
            rows = database.execute(query) if database else ()
            yield from (Entry(*row) for row in rows)

    def with_ids(self) -> Iterator[tuple[str, str]]:
        """SHA-256 and id of each row that has an id, of all that there are. Raises likewise."""
        with self._file.reader() as database:
            query = "SELECT sha256, id FROM fates WHERE id != ''"
            yield from database.execute(query) if database else ()

    def ids_under(self, path: str) -> list[str]:
        """The documents whose articles came by this path, copies too. Raises what SQLite does."""
        query = f"SELECT DISTINCT id FROM fates WHERE path = ? AND fate IN ({_KEPT}) ORDER BY id"  # noqa: S608
        with self._file.reader() as database:
            return [str(row[0]) for row in database.execute(query, [path])] if database else []

    def counts(self) -> dict[str, int]:
        """How many files there are of each fate. Raises what SQLite does."""
        counts = {"indexed": 0, "duplicate": 0, "failed": 0}
        with self._file.reader() as database:
            if database:
                counts.update(database.execute("SELECT fate, files FROM counts").fetchall())
        return counts

    def of_batch(self, batch: str) -> list[Entry]:
        """The rows of one batch, by path. Raises what SQLite does."""
        query = "SELECT * FROM fates WHERE batch = ? ORDER BY path"
        with self._file.reader() as database:
            rows = database.execute(query, [batch]).fetchall() if database else []
            return [Entry(*row) for row in rows]

    def counts_of_members(self, batch: str, key: str) -> dict[str, int]:
        """How many members of a container, however deep, have each fate. Raises what SQLite does.

        ``batch`` and ``key`` tell the container, as in ``Spool.members``.
        """
        query = "SELECT fate, count(*) FROM fates WHERE batch >= ? AND batch < ? GROUP BY fate"
        with self._file.reader() as database:
            bounds = [f"{batch}-{key}-", f"{batch}-{key}."]
            return dict(database.execute(query, bounds).fetchall()) if database else {}

    def members_of(self, batch: str, container: str) -> dict[str, int]:
        """How many members of a container that was in a batch have each fate, however deep.

        ``container`` is its path below the inbox. Raises what SQLite does.
        """
        query = (
            "SELECT fate, count(*) FROM fates WHERE batch >= ? AND batch < ?"
            " AND substr(path, 1, length(?)) = ? GROUP BY fate"
        )
        below = f"{container}/"
        with self._file.reader() as database:
            bounds = [f"{batch}-", f"{batch}.", below, below]
            return dict(database.execute(query, bounds).fetchall()) if database else {}

    def fates_of(self, paths: Sequence[str]) -> dict[str, str]:
        """The last fate of each of these paths, where any is known. Raises what SQLite does."""
        among = ",".join("?" * len(paths))
        query = f"SELECT path, fate FROM fates WHERE path IN ({among}) ORDER BY at"  # noqa: S608
        with self._file.reader() as database:
            return dict(database.execute(query, list(paths)).fetchall()) if database else {}

    def duplicates(self, id_: str, since: datetime) -> list[Entry]:
        """The copies of a document in batches that were claimed since. Raises what SQLite does."""
        query = "SELECT * FROM fates WHERE batch >= ? AND fate = 'duplicate' AND id = ?"
        with self._file.reader() as database:
            rows = database.execute(query, [stamp(since), id_]).fetchall() if database else []
            return [Entry(*row) for row in rows]

    def articles_under(self, path: str, since: datetime, until: datetime) -> list[Entry]:
        """The articles that came by this path in batches that were claimed within these moments.

        Raises what SQLite does.
        """
        query = (
            "SELECT * FROM fates WHERE batch >= ? AND batch < ? AND path = ?"  # noqa: S608
            f" AND fate IN ({_KEPT})"
        )
        with self._file.reader() as database:
            values = [stamp(since), stamp(until), path]
            rows = database.execute(query, values).fetchall() if database else []
            return [Entry(*row) for row in rows]

    def about(self, ids: Sequence[str], paths: Sequence[str]) -> list[Entry]:
        """What is and was of these documents and of these paths, in the order of their claims.

        ``restored`` and ``retried`` take nothing from it, and what was withdrawn is here as what it
        was before. Raises what SQLite does.
        """
        with self._file.reader() as database:
            if not database:
                return []
            query = _ABOUT_PAST if has_table(database, "past") else _ABOUT
            among = [",".join("?" * len(each)) for each in (ids, paths)]
            values = [*ids, *paths] * (query.count("{0}"))
            rows = database.execute(f"{query.format(*among)} ORDER BY batch, path", values)
            return [Entry(*row) for row in rows]

    def trouble(self) -> Trouble | None:
        """Why no rows can be written at present, if it is so."""
        return self._note.read()

    def aside(self) -> list[Path]:
        """Ledgers that were broken and set aside, oldest first."""
        return self._file.aside()

    def close(self) -> None:
        """Let go of the file; the next write opens it again."""
        connection, self._open_connection = self._open_connection, None
        if connection and connection.owner == _owner():
            with suppress(sqlite3.Error):
                connection.database.close()

    def _write_or_mend(self) -> None:
        before = self._file.identity()
        try:
            self._write()
        except FAULTS as error:
            helps = remedy(error)
            if helps not in {"begin anew", "try again"}:
                raise
            say("ledger.broken", path=str(self.path), error=str(error))
            if helps == "begin anew" and not self._file.set_aside(before):
                raise
            self._write()

    def _write(self) -> None:
        rows = [(e.batch, e.path, e.fate, e.id, e.sha256, e.reason, e.at) for e in self._late]
        try:
            with self._writer() as database:
                database.executemany(
                    "DELETE FROM fates WHERE batch = ? AND path = ?", [row[:2] for row in rows]
                )
                database.executemany("INSERT INTO fates VALUES (?,?,?,?,?,?,?)", rows)
        except BaseException:
            self.close()  # whatever it was, the next write starts afresh
            raise

    def _missed(self, error: Exception) -> None:
        say("ledger.misses", path=str(self.path), files=len(self._late), error=str(error))
        self._note.write(error)
        if remedy(error) == "drop":
            self._late.clear()
        else:
            self._resting_until = time.monotonic() + REST_SECONDS
            timer = threading.Timer(REST_SECONDS, self._try_again)
            timer.daemon = True
            timer.start()

    def _try_again(self) -> None:
        """In a thread of its own: perhaps no batch comes that would bring its rows along."""
        self.record(())
        with self._one_at_a_time:
            self.close()

    def _writer(self) -> sqlite3.Connection:
        """This process's own connection, to the file that is there now."""
        connection, there = self._open_connection, self._file.identity()
        if connection is None or connection.owner != _owner() or connection.file != there:
            self.close()
            database = self._file.writer()
            connection = _OpenConnection(database, _owner(), self._file.identity())
            self._open_connection = connection
        return connection.database


def _owner() -> tuple[int, int]:
    """For whom a connection is good: across a fork, or in another thread, it is not."""
    return os.getpid(), threading.get_ident()
