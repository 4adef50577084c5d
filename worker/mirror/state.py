"""What is known of a mirror's files: ``mirrors/<name>.sqlite``, a row a file. It is a truth.

    new      to be read: it came, or changed            sent     in a batch of the spool
    indexed  ``id`` is its document                     failed   ``reason`` says why
    unpacked a container; its members are in ``members``         withdrawn  it was taken down

``gone`` is since when it is missed (seconds since the epoch; 0: it is there). ``touched`` are ids
of documents of which a file has gone or moved, to be looked at (``documents.py``).
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from worker.atomic import PRIVATE
from worker.mirror.difference import Change, Known, Look, is_same_kind

BUSY_SECONDS = 30.0
#: Rows that are read, or changed in one transaction.
PAGE = 5_000

_SCHEMA = """
PRAGMA journal_mode = WAL;
CREATE TABLE IF NOT EXISTS files (
    path BLOB PRIMARY KEY, size INTEGER NOT NULL, mtime INTEGER NOT NULL, inode INTEGER NOT NULL,
    ctime INTEGER NOT NULL, since REAL NOT NULL, gone REAL NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'new', batch TEXT NOT NULL DEFAULT '',
    sha256 TEXT NOT NULL DEFAULT '', id TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS new ON files (path) WHERE state = 'new';
CREATE INDEX IF NOT EXISTS sent ON files (batch) WHERE state = 'sent';
CREATE INDEX IF NOT EXISTS failed ON files (path) WHERE state = 'failed';
CREATE INDEX IF NOT EXISTS gone ON files (inode) WHERE gone > 0;
CREATE INDEX IF NOT EXISTS gone_bytes ON files (sha256) WHERE gone > 0;
CREATE INDEX IF NOT EXISTS by_id ON files (id) WHERE id != '';
CREATE TABLE IF NOT EXISTS members (
    path BLOB PRIMARY KEY, container BLOB NOT NULL, batch TEXT NOT NULL, state TEXT NOT NULL,
    id TEXT NOT NULL, reason TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS members_by_id ON members (id) WHERE id != '';
CREATE INDEX IF NOT EXISTS members_of ON members (container);
CREATE TABLE IF NOT EXISTS touched (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that is to be read. ``since``: when it was first seen as it is."""

    path: bytes
    look: Look
    since: float
    sha256: str
    batch: str


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a file of a batch; ``container``: the path of the one that it lies in."""

    path: bytes
    state: str
    id: str = ""
    reason: str = ""
    container: bytes = b""


class State:
    """The rows of one mirror, by an open connection of one thread."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._db = database

    @contextmanager
    def _together(self) -> Iterator[None]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def about(self) -> dict[str, str]:
        """What is said of the mirror: ``root``, ``paused``, ``away`` …"""
        return dict(self._db.execute("SELECT name, value FROM about"))

    def say(self, **values: object) -> None:
        """Say something of the mirror; an empty text takes it back."""
        with self._together():
            rows = [(name, str(value)) for name, value in values.items()]
            self._db.executemany("INSERT OR REPLACE INTO about VALUES (?, ?)", rows)

    def known(self) -> Iterator[Known]:
        """Every file, in the order of the paths, page by page: others may write meanwhile."""
        query = (
            "SELECT path, size, mtime, inode, ctime, gone FROM files"
            " WHERE path > ? ORDER BY path LIMIT ?"
        )
        last = b""
        while rows := self._db.execute(query, (last, PAGE)).fetchall():
            for path, size, mtime, inode, ctime, gone in rows:
                yield Known(path, Look(size, mtime, inode, ctime), gone > 0)
            last = rows[-1][0]

    def apply(self, changes: Iterable[Change], now: float) -> None:
        """Write down what a look has found."""
        with self._together():
            for kind, path, look in changes:
                if kind == "gone":
                    self._db.execute("UPDATE files SET gone = ? WHERE path = ?", (now, path))
                elif kind == "back":
                    self._db.execute("UPDATE files SET gone = 0 WHERE path = ?", (path,))
                else:
                    assert look  # noqa: S101  (narrows the type: it was looked at)
                    self._db.execute(_SEEN, (path, *look, now))

    def size(self) -> int:
        """How many files are known, missed ones too."""
        return self._one("SELECT count(*) FROM files")

    def gone(self) -> int:
        """How many files are missed."""
        return self._one("SELECT count(*) FROM files WHERE gone > 0")

    def moved(self) -> int:
        """Files that went and came under another name keep their documents; how many.

        The inode tells, with size and time: no byte is read.
        """
        query = (
            "SELECT n.path, g.path FROM files n CROSS JOIN files g"
            " WHERE n.state = 'new' AND n.gone = 0 AND n.sha256 = '' AND g.gone > 0"
            " AND g.inode = n.inode AND g.size = n.size AND g.mtime = n.mtime"
            " AND g.state IN ('indexed', 'failed', 'withdrawn', 'new') ORDER BY n.path"
        )
        if not self.gone():
            return 0
        taken, pairs = set[bytes](), list[tuple[bytes, bytes]]()
        for new, old in self._db.execute(query).fetchall():
            if not taken & {new, old} and is_same_kind(new, old):
                pairs.append((new, old))
                taken |= {new, old}
        for start in range(0, len(pairs), PAGE):
            with self._together():
                for new, old in pairs[start : start + PAGE]:
                    self._adopt(new, old)
        return len(pairs)

    def adopt(self, path: bytes, sha256: str) -> bool:
        """The same by the bytes, for a file that is read; whether one that went had them."""
        query = "SELECT path FROM files WHERE gone > 0 AND sha256 = ? AND state = 'indexed'"
        rows = self._db.execute(query, (sha256,)).fetchall()
        old = next((row[0] for row in rows if is_same_kind(path, row[0])), None)
        if old is None:
            return False
        with self._together():
            self._adopt(path, old)
        return True

    def _adopt(self, new: bytes, old: bytes) -> None:
        """The row of the old path is the new one's, and its document looked at."""
        self._touch("SELECT id FROM files WHERE path IN (?, ?)", (new, old))
        self._db.execute(
            "UPDATE files SET (sha256, id, state, batch, reason) ="
            " (SELECT sha256, id, state, batch, reason FROM files WHERE path = ?)"
            " WHERE path = ?",
            (old, new),
        )
        self._db.execute("DELETE FROM files WHERE path = ?", (old,))

    def _touch(self, query: str, values: Sequence[object]) -> None:
        self._db.execute(
            f"INSERT OR IGNORE INTO touched SELECT id FROM ({query}) WHERE id != ''",  # noqa: S608
            values,
        )

    def expire(self, before: float) -> int:
        """Forget files that are missed since before then; how many. Their documents are touched."""
        done = 0
        query = "SELECT path FROM files WHERE gone > 0 AND gone <= ? LIMIT ?"
        while rows := self._db.execute(query, (before, PAGE)).fetchall():
            with self._together():
                for (path,) in rows:
                    self._touch("SELECT id FROM files WHERE path = ?", (path,))
                    self._forget_members(path, "")
                    self._db.execute("DELETE FROM files WHERE path = ?", (path,))
            done += len(rows)
        return done

    def give_up(self) -> None:
        """Forget every file, as where the mirror is removed."""
        with self._together():
            self._db.execute("UPDATE files SET gone = 1")
        self.expire(1.0)

    def _forget_members(self, container: bytes, batch: str) -> None:
        """Those that are not of this batch: the container has them no more."""
        where = "container = ? AND batch != ?"
        self._touch(f"SELECT id FROM members WHERE {where}", (container, batch))  # noqa: S608
        self._db.execute(f"DELETE FROM members WHERE {where}", (container, batch))  # noqa: S608

    def is_under_way(self, look: Look) -> bool:
        """Whether it was put into a batch under another name, which it has no more.

        It is not known yet what became of it: then it has moved.
        """
        query = (
            "SELECT count(*) FROM files WHERE gone > 0 AND inode = ? AND size = ? AND mtime = ?"
            " AND state = 'sent'"
        )
        return bool(self._one(query, (look.inode, look.size, look.mtime)))

    def missed(self, most: int) -> dict[bytes, str]:
        """Documents of files that are missed, by path; none where there are more than ``most``."""
        there = "gone > 0 AND id != '' AND state = 'indexed'"
        query = f"SELECT path, id FROM files WHERE {there} LIMIT ?"  # noqa: S608
        rows = self._db.execute(query, (most + 1,)).fetchall()
        return {} if len(rows) > most else dict(rows)

    def take_over(self, new: bytes, old: bytes) -> None:
        """The document of a file that is missed is that of another from now on."""
        query = "UPDATE files SET id = (SELECT id FROM files WHERE path = ?) WHERE path = ?"
        with self._together():
            self._touch("SELECT id FROM files WHERE path IN (?, ?)", (new, old))
            self._db.execute(query, (old, new))
            self._db.execute("DELETE FROM files WHERE path = ?", (old,))

    def join(self, documents: Mapping[str, str]) -> None:
        """The files of documents are those of another each: by id, the one that stays."""
        if not documents:
            return
        with self._together():
            for old, new in documents.items():
                for table in ("files", "members"):
                    query = f"UPDATE {table} SET id = ? WHERE id = ?"  # noqa: S608
                    self._db.execute(query, (new, old))
                self._touch("SELECT ?1 AS id UNION SELECT ?2 AS id", (old, new))

    def waiting(self) -> Iterator[Waiting]:
        """Files that are to be read, in the order of the paths."""
        query = (
            "SELECT path, size, mtime, inode, ctime, since, sha256, batch FROM files"
            " WHERE state = 'new' AND gone = 0 AND path > ? ORDER BY path LIMIT 500"
        )
        last = b""
        while rows := self._db.execute(query, (last,)).fetchall():
            for path, size, mtime, inode, ctime, since, sha256, batch in rows:
                yield Waiting(path, Look(size, mtime, inode, ctime), since, sha256, batch)
            last = rows[-1][0]

    def sent(self, batch: str, files: Mapping[bytes, str]) -> None:
        """Files, with the digests (SHA-256) of their bytes, that are put into a batch now."""
        rows = [(batch, digest, path) for path, digest in files.items()]
        query = "UPDATE files SET state = 'sent', batch = ?, sha256 = ? WHERE path = ?"
        with self._together():
            self._db.executemany(query, rows)

    def as_before(self, path: bytes) -> None:
        """It was touched, and has the bytes that it had."""
        state = (
            "CASE WHEN reason = '' THEN 'indexed'"
            " WHEN reason IN ('unpacked', 'withdrawn') THEN reason ELSE 'failed' END"
        )
        with self._together():
            self._db.execute(
                f"UPDATE files SET state = {state} WHERE path = ? AND state = 'new'",  # noqa: S608
                (path,),
            )

    def fail(self, path: bytes, reason: str) -> None:
        """It cannot be read."""
        with self._together():
            query = "UPDATE files SET state = 'failed', reason = ? WHERE path = ?"
            self._db.execute(query, (reason, path))

    def batches(self) -> list[str]:
        """The batches that files are in, as far as is known here."""
        return [
            b for (b,) in self._db.execute("SELECT DISTINCT batch FROM files WHERE state='sent'")
        ]

    def lost(self, batches: Iterable[str]) -> None:
        """Batches that are not in the spool: what is still in them is to be read again."""
        with self._together():
            query = "UPDATE files SET state='new', sha256='' WHERE state='sent' AND batch = ?"
            self._db.executemany(query, [(batch,) for batch in batches])

    def settle(self, batch: str, fates: Iterable[Fate]) -> None:
        """What became of the files of a batch. Done again it changes nothing.

        What changed since it was sent stays to be read. Each document is looked at: between the
        look at the index and this line it may have gone with the last file that was known of it.
        """
        with self._together():
            for fate in fates:
                if fate.container:
                    self._settle_member(batch, fate)
                else:
                    self._settle(batch, fate)

    def _settle(self, batch: str, fate: Fate) -> None:
        id_ = fate.id or None  # what fails keeps the document of its last good text
        if id_:
            self._touch("SELECT id FROM files WHERE path = ? AND id != ?", (fate.path, id_))
        self._db.execute(
            "UPDATE files SET id = coalesce(?, id), reason = ?,"
            " state = CASE state WHEN 'sent' THEN ? ELSE state END WHERE path = ? AND batch = ?",
            (id_, _reason(fate), fate.state, fate.path, batch),
        )
        if id_:
            self._touch("SELECT ? AS id", (id_,))
        if fate.state in {"unpacked", "withdrawn"}:
            self._touch("SELECT id FROM files WHERE path = ?", (fate.path,))
            self._db.execute("UPDATE files SET id = '' WHERE path = ?", (fate.path,))
        if fate.state == "withdrawn":  # once it is let in again, a touch has it read
            self._db.execute("UPDATE files SET sha256 = '' WHERE path = ?", (fate.path,))
        if fate.state != "failed":
            self._forget_members(fate.path, batch if fate.state == "unpacked" else "")

    def _settle_member(self, batch: str, fate: Fate) -> None:
        self._touch("SELECT id FROM members WHERE path = ? AND id != ?", (fate.path, fate.id))
        row = (fate.path, fate.container, batch, fate.state, fate.id, fate.reason)
        self._db.execute("INSERT OR REPLACE INTO members VALUES (?, ?, ?, ?, ?, ?)", row)
        self._touch("SELECT ? AS id", (fate.id,))
        known = "SELECT 1 FROM files WHERE path = ?"
        if not self._db.execute(known, (fate.container,)).fetchone():
            self._forget_members(fate.container, "")

    def touched(self, most: int) -> list[str]:
        """Ids of documents that are to be looked at."""
        return [i for (i,) in self._db.execute("SELECT id FROM touched LIMIT ?", (most,))]

    def looked_at(self, ids: Iterable[str]) -> None:
        """Those documents are as they are to be."""
        with self._together():
            self._db.executemany("DELETE FROM touched WHERE id = ?", [(id_,) for id_ in ids])

    def paths_of(self, id_: str) -> list[bytes]:
        """The files that hold a document, missed ones too: they may come back."""
        query = "SELECT path FROM files WHERE id = ?1 UNION SELECT path FROM members WHERE id = ?1"
        return [path for (path,) in self._db.execute(query, (id_,))]

    def digests_of(self, id_: str) -> dict[bytes, str]:
        """The digests (SHA-256) of the bytes that a document's files were indexed with, by path."""
        query = "SELECT path, sha256 FROM files WHERE id = ? AND state = 'indexed' AND gone = 0"
        return dict(self._db.execute(query, (id_,)).fetchall())

    def id_of(self, path: bytes) -> str:
        """The document of a file, or of a member; "" where there is none."""
        query = (
            "SELECT id FROM files WHERE path = ?1 UNION ALL SELECT id FROM members WHERE path = ?1"
        )
        row = self._db.execute(query, (path,)).fetchone()
        return str(row[0]) if row else ""

    def fate_of(self, path: bytes) -> tuple[str, str]:
        """The state of a file or a member, and the reason; ``missed``; "" where none is known."""
        query = (
            "SELECT CASE WHEN gone > 0 THEN 'missed' ELSE state END, reason FROM files"
            " WHERE path = ?1 UNION ALL SELECT state, reason FROM members WHERE path = ?1"
        )
        row = self._db.execute(query, (path,)).fetchone()
        return (str(row[0]), str(row[1])) if row else ("", "")

    def again(self, paths: Iterable[bytes]) -> None:
        """Have files read again, whatever became of them; of a member its container."""
        with self._together():
            for path in paths:
                whole = "SELECT container FROM members WHERE path = ?"
                container = self._db.execute(whole, (path,)).fetchone()
                which = (container[0] if container else path,)
                query = "UPDATE files SET state='new', sha256='' WHERE path=? AND state!='sent'"
                self._db.execute(query, which)

    def again_failed(self) -> int:
        """Have read again what failed; how many."""
        with self._together():
            query = "UPDATE files SET state = 'new', sha256 = '' WHERE state = 'failed'"
            return self._db.execute(query).rowcount

    def again_withdrawn(self) -> None:
        """Have read again what was refused, in containers too."""
        query = (
            "UPDATE files SET state = 'new', sha256 = '' WHERE state = 'withdrawn' OR path IN"
            " (SELECT container FROM members WHERE state = 'withdrawn') AND state != 'sent'"
        )
        with self._together():
            self._db.execute(query)

    def failed(self, most: int) -> list[tuple[bytes, str]]:
        """Files at fault, and why."""
        query = (
            "SELECT path, reason FROM files WHERE state = 'failed' UNION ALL"
            " SELECT path, reason FROM members WHERE state = 'failed' ORDER BY path LIMIT ?"
        )
        return self._db.execute(query, (most,)).fetchall()

    def documents(self) -> Iterator[tuple[str, bytes]]:
        """Every document with a file of it."""
        yield from self._db.execute(
            "SELECT id, path FROM files WHERE id != '' AND state IN ('indexed', 'failed')"
            " UNION ALL SELECT id, path FROM members WHERE id != '' AND state = 'indexed'"
        )

    def counts(self) -> dict[str, int]:
        """How many files there are of each state, and ``gone``."""
        counts = dict(self._db.execute("SELECT state, count(*) FROM files GROUP BY state"))
        return {**counts, "gone": self.gone()}

    def is_empty(self) -> bool:
        """Whether nothing is known, and nothing to be done."""
        query = "SELECT (SELECT count(*) FROM files) + (SELECT count(*) FROM touched)"
        return not self._one(query)

    def _one(self, query: str, values: Sequence[object] = ()) -> int:
        return int(self._db.execute(query, values).fetchone()[0])


def _reason(fate: Fate) -> str:
    """What its state is known by when it is seen to be unchanged."""
    if fate.state == "failed":
        return fate.reason or "failed"
    return "" if fate.state == "indexed" else fate.state


#: A file that is new, or another than it was: its document stays until it is read. Nobody knows yet
#: what becomes of bytes that are on their way: they are no reason to leave it unread.
_SEEN = """
INSERT INTO files (path, size, mtime, inode, ctime, since) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (path) DO UPDATE SET size = excluded.size, mtime = excluded.mtime,
    inode = excluded.inode, ctime = excluded.ctime, since = excluded.since, gone = 0, state = 'new',
    sha256 = CASE files.state WHEN 'sent' THEN '' ELSE files.sha256 END
"""


@contextmanager
def opened(path: Path, *, make: bool = False) -> Iterator[State]:
    """The state in a file, which is made where that is wanted.

    Raises what SQLite does, and ``FileNotFoundError``.
    """
    if make:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, PRIVATE))
    elif not path.is_file():
        raise FileNotFoundError(path)
    database = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    with closing(database):
        if make:
            database.executescript(_SCHEMA)
        database.execute("PRAGMA synchronous = NORMAL")
        yield State(database)
