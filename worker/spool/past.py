"""What was done about articles and holds no more: for people, and so many steps of each at most.

The first stays, and the newest: what stands in between is what somebody did again and again.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from worker.moment import moment
from worker.spool.lasting_file import has_table
from worker.spool.withdrawal import Past

#: Steps of one article.
MOST = 20
_CHUNK = 500
_IS_PAST = (
    "INSERT OR IGNORE INTO past SELECT id, path, 'withdrawn', reason, at, who, purged"
    " FROM withdrawals WHERE id = ?"
)
_LET_IN = (
    "INSERT OR IGNORE INTO past SELECT id, path, 'restored', '', ?, ?, purged"
    " FROM withdrawals WHERE id = ?"
)
#: Before one more, which so stays, whatever moments others have told.
_MAKE_ROOM = """DELETE FROM past WHERE id = ?1
AND (at, what) != (SELECT at, what FROM past WHERE id = ?1 ORDER BY at, what DESC LIMIT 1)
AND (at, what) NOT IN (SELECT at, what FROM past WHERE id = ?1 ORDER BY at DESC, what LIMIT ?2)"""


def withdrawn(database: sqlite3.Connection, id_: str) -> None:
    """What is said of its withdrawal, if it is withdrawn, is past from now on."""
    database.execute(_MAKE_ROOM, [id_, MOST - 2])
    database.execute(_IS_PAST, [id_])


def restored(database: sqlite3.Connection, id_: str, who: str) -> None:
    """It is let in again."""
    withdrawn(database, id_)
    database.execute(_MAKE_ROOM, [id_, MOST - 2])
    database.execute(_LET_IN, [moment(), who, id_])


def past(database: sqlite3.Connection, texts: Sequence[str]) -> list[Past]:
    """Of these ids and paths, of all where none is named; the latest first."""
    if not has_table(database, "past"):
        return []
    found = {_past(row) for row in _rows(database, texts)}
    newest_last = sorted(found, key=lambda one: (one.id, one.what))
    return sorted(newest_last, key=lambda one: one.at, reverse=True)


def _rows(database: sqlite3.Connection, texts: Sequence[str]) -> Iterator[Sequence[object]]:
    if not texts:
        yield from database.execute("SELECT * FROM past")
    for start in range(0, len(texts), _CHUNK):
        chunk = texts[start : start + _CHUNK]
        marks = ",".join("?" * len(chunk))
        which = f"id IN ({marks}) OR path IN ({marks})"
        query = f"SELECT * FROM past WHERE {which}"  # noqa: S608  (our own text)
        yield from database.execute(query, [*chunk, *chunk])


def _past(row: Sequence[object]) -> Past:
    id_, path, what, reason, at, who, purged = row
    return Past(str(id_), str(path), str(what), str(reason), str(at), str(who), bool(purged))
