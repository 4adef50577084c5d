"""What was withdrawn: the record by which it is refused from then on, in SQLite.

``data/withdrawals.sqlite`` is no record for people alone, as the ledger is, but a truth: whoever
indexes asks it first, and waits where it cannot be asked. Each change is on disk when it returns.
No text of an article is in it: an id, digests, paths, and why, when and by whom it was withdrawn.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from articles.errors import ServiceUnavailable

NAME = "withdrawals.sqlite"
#: What there is to do for each, in this order; the last two for what is purged.
INDEX, FILES, REDIS, EXPUNGE = STEPS = ("index", "files", "redis", "expunge")
BUSY_SECONDS = 10.0
_CHUNK = 500
_PAGE = 5_000
_SCHEMA = """
CREATE TABLE IF NOT EXISTS withdrawals (
    id TEXT PRIMARY KEY, path TEXT NOT NULL, reason TEXT NOT NULL, at TEXT NOT NULL,
    who TEXT NOT NULL, purged INTEGER NOT NULL, todo TEXT NOT NULL, turn INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS keys (
    key TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (key, id)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS files (
    id TEXT NOT NULL, path TEXT NOT NULL, sha256 TEXT NOT NULL, bytes INTEGER NOT NULL,
    PRIMARY KEY (id, path, sha256)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS unfinished ON withdrawals (id) WHERE todo != '';
CREATE INDEX IF NOT EXISTS keys_of ON keys (id);
"""
_COLUMNS = "w.id, w.path, w.reason, w.at, w.who, w.purged, w.todo, w.turn"


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file that holds the article: its path below the inbox as printed, digest and size.

    ``bytes`` is 0 where the size is not known.
    """

    path: str
    sha256: str
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """One article that was taken down: why, when (ISO 8601) and by whom.

    ``purged``: its bytes are kept nowhere. ``todo`` names the steps that are still to be taken, of
    ``STEPS``; ``turn`` tells whether some were added since this was read.
    """

    id: str
    path: str
    reason: str
    at: str
    who: str
    purged: bool = False
    todo: tuple[str, ...] = ()
    turn: int = 0


#: With what it is recognised by (``refusing.keys_of_document``) and the files that hold it.
Tombstone = tuple[Withdrawal, Sequence[str], Sequence[KeptFile]]


class Tombstones:
    """The file. Every method raises ``ServiceUnavailable`` where SQLite or the disk refuses."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, new: Iterable[Tombstone]) -> None:
        """Refuse articles from now on, all or none; one that is refused already gets what is new.

        What was purged stays purged.
        """
        with self._writing() as database:
            for one, keys, files in new:
                _add(database, one)
                rows = [(key, one.id) for key in (one.id, *keys)]
                database.executemany("INSERT OR IGNORE INTO keys VALUES (?,?)", rows)
                _put_files(database, one.id, files)

    def add_file(self, id_: str, file: KeptFile) -> None:
        """One more file of what was withdrawn: it came again."""
        with self._writing() as database:
            _put_files(database, id_, [file])
            key = f"sha256:{file.sha256}"
            database.execute("INSERT OR IGNORE INTO keys VALUES (?,?)", (key, id_))

    def reopen(self, id_: str, steps: Iterable[str]) -> None:
        """Steps are to be taken once more."""
        with self._writing() as database:
            for (todo,) in database.execute("SELECT todo FROM withdrawals WHERE id = ?", [id_]):
                more = _in_order({*todo.split(), *steps})
                update = "UPDATE withdrawals SET todo = ?, turn = turn + 1 WHERE id = ?"
                database.execute(update, (more, id_))

    def done(self, ids: Iterable[str], steps: Iterable[str], turns: Iterable[int]) -> None:
        """Steps were taken; where more were asked for since that ``turn``, all are done again."""
        gone = set(steps)
        with self._writing() as database:
            for id_, turn in zip(ids, turns, strict=True):
                which = "SELECT todo FROM withdrawals WHERE id = ? AND turn = ?"
                for (todo,) in database.execute(which, (id_, turn)).fetchall():
                    rest = _in_order(set(todo.split()) - gone)
                    database.execute("UPDATE withdrawals SET todo = ? WHERE id = ?", (rest, id_))

    def remove(self, ids: Iterable[str]) -> None:
        """Refuse them no longer."""
        rows = [(id_,) for id_ in ids]
        with self._writing() as database:
            database.executemany("DELETE FROM withdrawals WHERE id = ?", rows)
            database.executemany("DELETE FROM keys WHERE id = ?", rows)
            database.executemany("DELETE FROM files WHERE id = ?", rows)

    def of(self, keys: Iterable[str]) -> dict[str, Withdrawal]:
        """Those that have one of the keys, by key."""
        wanted = list(dict.fromkeys(keys))
        found: dict[str, Withdrawal] = {}
        with self._reading() as database:
            for start in range(0, len(wanted) if database else 0, _CHUNK):
                chunk = wanted[start : start + _CHUNK]
                marks = ",".join("?" * len(chunk))
                query = (
                    f"SELECT k.key, {_COLUMNS} FROM keys k JOIN withdrawals w ON w.id = k.id"  # noqa: S608
                    f" WHERE k.key IN ({marks})"
                )
                assert database  # noqa: S101  (narrows the type)
                found |= {row[0]: _withdrawal(row[1:]) for row in database.execute(query, chunk)}
        return found

    def meant(self, text: str) -> list[Withdrawal]:
        """Those whose id is ``text``, or whose path is, or whose id begins with it."""
        for where in ("w.id = ?", "w.path = ?", "substr(w.id, 1, length(?1)) = ?1"):
            if found := self._listed(where, [text]):
                return found
        return []

    def exist(self) -> bool:
        """Whether anything was ever withdrawn."""
        with self._translated():
            return self.path.exists()

    def all(self) -> list[Withdrawal]:
        """All, the latest first."""
        return self._listed("1 ORDER BY w.at DESC, w.id")

    def ids(self) -> Iterator[list[str]]:
        """The ids of all, in pages."""
        page = [""]
        while page:
            query = "SELECT id FROM withdrawals WHERE id > ? ORDER BY id LIMIT ?"
            with self._reading() as database:
                rows = database.execute(query, (page[-1], _PAGE)).fetchall() if database else []
            page = [str(row[0]) for row in rows]
            if page:
                yield page

    def unfinished(self) -> list[Withdrawal]:
        """Those with steps to be taken."""
        return self._listed("w.todo != ''")

    def files(self, id_: str) -> list[KeptFile]:
        """The files that are known of one."""
        query = "SELECT path, sha256, bytes FROM files WHERE id = ? ORDER BY path, sha256"
        with self._reading() as database:
            return [KeptFile(*row) for row in database.execute(query, [id_])] if database else []

    def _listed(self, where: str, values: Sequence[str] = ()) -> list[Withdrawal]:
        query = f"SELECT {_COLUMNS} FROM withdrawals w WHERE {where}"  # noqa: S608  (our own text)
        with self._reading() as database:
            rows = database.execute(query, values).fetchall() if database else []
        return [_withdrawal(row) for row in rows]

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection | None]:
        """A connection; None where nothing was ever withdrawn, and no file is made."""
        if not self.exist():
            yield None
            return
        with self._translated(), closing(self._connect()) as database:
            known = database.execute("SELECT count(*) FROM sqlite_master").fetchone()
            yield database if known[0] else None

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """A connection within a transaction, which is on disk behind it."""
        with self._translated():
            os.close(os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
            with closing(self._connect()) as database:
                database.executescript(_SCHEMA)
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
                f"{self.path} cannot be used ({error}): what was withdrawn is not known, and "
                "nothing is indexed until it is."
            ) from error


def _add(database: sqlite3.Connection, new: Withdrawal) -> None:
    database.execute(
        "INSERT INTO withdrawals VALUES (?,?,?,?,?,?,?,0) ON CONFLICT (id) DO UPDATE SET"
        " reason = excluded.reason, at = excluded.at, who = excluded.who,"
        " purged = max(purged, excluded.purged), todo = excluded.todo, turn = turn + 1",
        (new.id, new.path, new.reason, new.at, new.who, new.purged, " ".join(new.todo)),
    )


def _put_files(database: sqlite3.Connection, id_: str, files: Iterable[KeptFile]) -> None:
    rows = [(id_, file.path, file.sha256, file.bytes) for file in files]
    database.executemany("INSERT OR IGNORE INTO files VALUES (?,?,?,?)", rows)


def _in_order(steps: set[str]) -> str:
    return " ".join(step for step in STEPS if step in steps)


def _withdrawal(row: Sequence[object]) -> Withdrawal:
    id_, path, reason, at, who, purged, todo, turn = row
    return Withdrawal(
        str(id_), str(path), str(reason), str(at), str(who), bool(purged),
        tuple(str(todo).split()), int(str(turn)),
    )  # fmt: skip
