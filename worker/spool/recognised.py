"""What tombstones are recognised by: what a site knows itself, and what others have told it.

A tombstone has no more keys than others take (``sound``). Who may write what sites tell each other
may tell anything, so that strange keys give way where there are too many, and none of its own. Of
the strange ones those stay that were told last, and of these the surest.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from indexing.index.sound import MOST_KEYS, MOST_OF_DOCUMENTS, is_key
from indexing.index.source import is_text
from worker.spool.agreed import PATH, surest_first
from worker.spool.lasting_file import has_table

#: Characters of a path as it is printed: no file of ours has a longer one, wherever it lies.
_LONGEST_PATH = 100_000
_HELD = (
    "SELECT k.id, k.key, s.key IS NOT NULL FROM keys k"
    " LEFT JOIN strange s ON s.id = k.id AND s.key = k.key WHERE k.id IN ({})"
)
#: Of a file that an older release has made: all are its own.
_HELD_BEFORE = "SELECT id, key, 0 FROM keys WHERE id IN ({})"
_IS_FULL = "SELECT 1 FROM keys WHERE id = ? LIMIT 1 OFFSET ?"
_LAST = "SELECT key FROM strange WHERE id = ? AND key BETWEEN ? AND ? ORDER BY key DESC LIMIT 1"
#: From one to another, for ``_LAST``; to SQLite an empty blob is behind every text.
_OF_BYTES, _ANY = ("sha256:", "sha256;"), ("", b"")


class Held(NamedTuple):
    """The keys of one tombstone: the site's own, and those that other sites have told."""

    own: list[str]
    strange: list[str]


def held(database: sqlite3.Connection, ids: Sequence[str]) -> dict[str, Held]:
    """The keys of each, where it has any."""
    query = _HELD if has_table(database, "strange") else _HELD_BEFORE
    found: dict[str, Held] = {}
    for id_, key, strange in database.execute(query.format(",".join("?" * len(ids))), list(ids)):
        found.setdefault(str(id_), Held([], []))[bool(strange)].append(str(key))
    return found


def put(database: sqlite3.Connection, id_: str, keys: Iterable[str]) -> None:
    """What a site withdraws it by, the surest first; behind what it knows already."""
    own, strange = _held(database, id_)
    known, asked = {id_, *own}, dict.fromkeys(keys)
    new = [key for key in asked if key not in known and _is_key(key)]
    kept = new[: max(0, MOST_OF_DOCUMENTS - len(known))]
    _say_left_out(id_, len(asked.keys() - known) - len(kept))
    _put(database, id_, [id_, *own, *kept], strange)


def add(database: sqlite3.Connection, id_: str, key: str) -> None:
    """One more, by what has come in: of the others none is read, for each file that comes has one.

    Where there is no room a strange one gives way.
    """
    database.execute("DELETE FROM strange WHERE id = ? AND key = ?", [id_, key])
    is_new = database.execute("INSERT OR IGNORE INTO keys VALUES (?,?)", [key, id_]).rowcount > 0
    if is_new and database.execute(_IS_FULL, [id_, MOST_KEYS]).fetchone():
        _give_way(database, id_)


def take(database: sqlite3.Connection, id_: str, keys: Iterable[str]) -> None:
    """What another site says that it is recognised by."""
    own, strange = _held(database, id_)
    _put(database, id_, [id_, *own], [*surest_first(keys), *strange])


def forget(database: sqlite3.Connection, ids: Iterable[str]) -> None:
    """The tombstones are no more."""
    for id_ in ids:
        database.execute("DELETE FROM keys WHERE id = ?", [id_])
        database.execute("DELETE FROM strange WHERE id = ?", [id_])


def _held(database: sqlite3.Connection, id_: str) -> Held:
    """The surest of the strange ones first."""
    own, strange = held(database, [id_]).get(id_, Held([], []))
    return Held(own, surest_first(strange))


def _give_way(database: sqlite3.Connection, id_: str) -> None:
    """One that others have told is no more, of a file's bytes if there is any; else of any kind."""
    for bounds in (_OF_BYTES, _ANY):
        if row := database.execute(_LAST, [id_, *bounds]).fetchone():
            database.execute("DELETE FROM strange WHERE id = ? AND key = ?", [id_, row[0]])
            database.execute("DELETE FROM keys WHERE key = ? AND id = ?", [row[0], id_])
            _say_left_out(id_, 1)
            return


def _put(
    database: sqlite3.Connection, id_: str, own: Sequence[str], strange: Iterable[str]
) -> None:
    """In place of what it had; of the strange ones the first for which there is room."""
    first = dict.fromkeys(own)
    others = [key for key in dict.fromkeys(strange) if key not in first and _is_key(key)]
    kept = others[: max(0, MOST_KEYS - len(first))]
    _say_left_out(id_, len(others) - len(kept))
    gone = "DELETE FROM keys WHERE id = ?1 AND key IN (SELECT key FROM strange WHERE id = ?1)"
    database.execute(gone, [id_])
    database.execute("DELETE FROM strange WHERE id = ?", [id_])
    rows = [(key, id_) for key in (*first, *kept)]
    database.executemany("INSERT OR IGNORE INTO keys VALUES (?,?)", rows)
    database.executemany("INSERT INTO strange VALUES (?,?)", [(id_, key) for key in kept])


def _is_key(key: str) -> bool:
    """A path is told as its digest, whatever its length."""
    return is_key(key) or (key.startswith(PATH) and is_text(key) and len(key) <= _LONGEST_PATH)


def _say_left_out(id_: str, count: int) -> None:
    if count:
        import structlog  # here, for `status` does without

        structlog.get_logger().warning("withdrawal.keys_left_out", id=id_, keys=count)
