"""What is known of a mirror's files: ``mirrors/<name>.sqlite``, a row a file. It is a truth.

    new      to be read: it came, or changed            sent     in a batch of the spool
    indexed  ``id`` is its document                     failed   ``reason`` says why
    unpacked a container; its members are in ``members``         withdrawn  it was taken down

``gone`` is since when it is missed (seconds since the epoch; 0: it is there), or was last seen
under a name that is left out; ``kind`` is what its path ends in: only a file of the same kind can
be what it moved to. ``touched`` are ids of documents of which a file has gone or moved, to be
looked at (``documents.py``); ``turn`` is another each time, so that what is touched during the look
is looked at once more. ``events`` are told of a file's life: it ``moved`` from where it ``was``, or
was ``deleted``. ``about`` says of the mirror why it is ``away`` (nothing that is missed goes), that
it ``stands`` (nothing is read), and why it is ``full`` (new names are left out, and what may have
moved to one does not go).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from worker.atomic import make_private
from worker.mirror.answers import Answers
from worker.mirror.difference import ending
from worker.mirror.fed import Fed
from worker.mirror.seen import Seen
from worker.mirror.settled import Settled

BUSY_SECONDS = 30.0

#: A path has up to some kilobytes: it stands in its row and in the index of paths alone.
_FILES = """CREATE TABLE IF NOT EXISTS files (
    number INTEGER PRIMARY KEY, path BLOB NOT NULL UNIQUE, size INTEGER NOT NULL,
    mtime INTEGER NOT NULL, inode INTEGER NOT NULL,
    ctime INTEGER NOT NULL, since REAL NOT NULL, gone REAL NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'new', batch TEXT NOT NULL DEFAULT '',
    sha256 TEXT NOT NULL DEFAULT '', id TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '',
    kind BLOB
)"""
_MEMBERS = """CREATE TABLE IF NOT EXISTS members (
    path BLOB PRIMARY KEY NOT NULL, container BLOB NOT NULL, batch TEXT NOT NULL,
    state TEXT NOT NULL, id TEXT NOT NULL, reason TEXT NOT NULL
)"""
_OF_FILES = [
    "CREATE INDEX IF NOT EXISTS new ON files (state) WHERE state = 'new'",
    "CREATE INDEX IF NOT EXISTS sent ON files (batch) WHERE state = 'sent'",
    "CREATE INDEX IF NOT EXISTS failed ON files (state) WHERE state = 'failed'",
    "CREATE INDEX IF NOT EXISTS gone ON files (inode) WHERE gone > 0",
    "CREATE INDEX IF NOT EXISTS by_id ON files (id) WHERE id != ''",
]
_OF_MEMBERS = [
    "CREATE INDEX IF NOT EXISTS members_by_id ON members (id) WHERE id != ''",
    "CREATE INDEX IF NOT EXISTS of_container ON members (container)",
]
_SCHEMA = [
    "PRAGMA journal_mode = WAL",
    *(_FILES, *_OF_FILES, _MEMBERS, *_OF_MEMBERS),
    (
        "CREATE TABLE IF NOT EXISTS touched ("
        " id TEXT PRIMARY KEY, turn INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID"
    ),
    "CREATE TABLE IF NOT EXISTS about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
]


def _anew(table: str, schema: str, columns: str, indices: Sequence[str]) -> list[str]:
    """What makes a table without rowids one of today: there each index had the whole path in it."""
    return [
        f"ALTER TABLE {table} RENAME TO before",
        *(f"DROP INDEX IF EXISTS {index.split()[5]}" for index in indices),
        schema,
        f"INSERT INTO {table} ({columns}) SELECT {columns} FROM before ORDER BY path",  # noqa: S608
        "DROP TABLE before",
        *indices,
    ]


#: Files that were made before have none of these: table or index and column, and what makes it.
#: Each index answers what is asked for every file that is read, however many are missed.
_LATER = {
    ("touched", "turn"): ["ALTER TABLE touched ADD COLUMN turn INTEGER NOT NULL DEFAULT 0"],
    ("events", "what"): [
        (
            "CREATE TABLE events (at TEXT NOT NULL, what TEXT NOT NULL, path BLOB NOT NULL,"
            " was BLOB NOT NULL, id TEXT NOT NULL)"
        )
    ],
    ("files", "kind"): [
        "ALTER TABLE files ADD COLUMN kind BLOB",
        "UPDATE files SET kind = ending(path)",
    ],
    ("files", "number"): _anew(
        "files",
        _FILES,
        "path, size, mtime, inode, ctime, since, gone, state, batch, sha256, id, reason, kind",
        _OF_FILES,
    ),
    ("of_container", "container"): _anew(
        "members", _MEMBERS, "path, container, batch, state, id, reason", _OF_MEMBERS
    ),
    ("gone_bytes_alike", "kind"): [
        (
            "CREATE INDEX gone_bytes_alike ON files (sha256, kind)"
            " WHERE gone > 0 AND state != 'sent' AND reason != 'unpacked'"
            " AND (reason = '' OR id = '' OR state = 'withdrawn')"
        ),
        "DROP INDEX IF EXISTS gone_alike",
        "DROP INDEX IF EXISTS gone_bytes",
        # Of what was refused no bytes were known: it is read, and refused, once more.
        "UPDATE files SET state = 'new' WHERE state = 'withdrawn' AND sha256 = ''",
    ],
    ("sent_alike", "mtime"): [
        "CREATE INDEX sent_alike ON files (inode, size, mtime) WHERE state = 'sent'",
        "DROP INDEX IF EXISTS gone_sent",
    ],
    ("new_alike", "mtime"): [
        (
            "CREATE INDEX new_alike ON files (inode, size, mtime)"
            " WHERE state = 'new' AND gone = 0 AND sha256 = ''"
        ),
    ],
}


class State(Seen, Fed, Settled, Answers):
    """The rows of one mirror, by an open connection of one thread."""


@contextmanager
def opened(path: Path, *, make: bool = False) -> Iterator[State]:
    """The state in a file, which is made where that is wanted.

    Raises what SQLite does, and ``FileNotFoundError``.
    """
    if make:
        make_private(path)
    elif not path.is_file():
        raise FileNotFoundError(path)
    database = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
    with closing(database):
        if make:
            database.executescript(";\n".join(_SCHEMA))
        database.execute("PRAGMA synchronous = NORMAL")
        _bring_up(database)
        yield State(database)


def _bring_up(database: sqlite3.Connection) -> None:
    if not _lacks(database):
        return
    database.create_function("ending", 1, ending, deterministic=True)
    database.execute("PRAGMA secure_delete = OFF")  # a table that goes needs no disk then
    database.execute("BEGIN IMMEDIATE")
    # Another process may have been quicker; and a table that is made anew lacks indices then.
    while changes := _lacks(database):
        for change in changes:
            database.execute(change)
    database.execute("COMMIT")


def _lacks(database: sqlite3.Connection) -> list[str]:
    query = (
        "SELECT count(*) FROM (SELECT name FROM pragma_table_info(?1)"
        " UNION ALL SELECT name FROM pragma_index_info(?1)) WHERE name = ?2"
    )
    return [
        change
        for place, changes in _LATER.items()
        if not database.execute(query, place).fetchone()[0]
        for change in changes
    ]
