"""Which tombstones all sites have in common: beside each the revision that it was last agreed at.

A row is written in the transaction that changes the tombstone, so that no change is forgotten. What
is let in again keeps its row. ``turn`` tells whether somebody here has changed it since it was
read: then what was decided meanwhile does not count.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from indexing.index.sound import sound_keys
from worker.spool.lasting_file import LastingFile, has_table
from worker.spool.withdrawal import Withdrawal

#: Of tombstones by their ids: the withdrawals, and what each is recognised by, which is told first.
Withdrawn = Callable[[Sequence[str]], dict[str, Withdrawal]]
Keys = Callable[[Sequence[str]], dict[str, list[str]]]

#: How the keys begin that are paths, and what other sites get in their place.
PATH, DIGEST = "path:", "path#"
#: And those by which what comes is refused, but no document goes: that may be another article's.
COMING = "coming:"


@dataclass(frozen=True, slots=True)
class Own:
    """What this site holds of an article; ``withdrawal`` is None where it lets it in.

    ``changed``: here, since all had ``revision`` in common. ``site`` is the other one at which it
    was withdrawn. ``keys`` are those that others get, and no more than they take.
    """

    id: str
    revision: int = 0
    changed: bool = False
    turn: int = 0
    site: str = ""
    withdrawal: Withdrawal | None = None
    keys: tuple[str, ...] = ()


def told(key: str) -> str:
    """A key as other sites get it: a path may be a headline, and is told as its digest."""
    if not key.startswith(PATH):
        return key
    return DIGEST + sha256(key.removeprefix(PATH).encode(errors="replace")).hexdigest()


def note_change(database: sqlite3.Connection, ids: Iterable[str]) -> None:
    """Somebody here has withdrawn these, or let them in."""
    database.executemany(
        "INSERT INTO shared VALUES (?,0,1,0,1,'') ON CONFLICT (id) DO UPDATE SET"
        " changed = 1, there = 0, turn = turn + 1, site = ''",
        [(id_,) for id_ in ids],
    )


def is_turn(database: sqlite3.Connection, own: Own) -> bool:
    """Whether nobody here has changed it since it was read."""
    row = database.execute("SELECT turn FROM shared WHERE id = ?", [own.id]).fetchone()
    return own.turn == (row[0] if row else 0)


def note_agreed(
    database: sqlite3.Connection, own: Own, revision: int, site: str = "", *, more: bool = False
) -> None:
    """All sites have this revision in common; ``more``: this one has something to add to it.

    Only if it is its turn.
    """
    if is_turn(database, own):
        row = (own.id, revision, more, not more, own.turn, site)
        database.execute("INSERT OR REPLACE INTO shared VALUES (?,?,?,?,?,?)", row)


class Agreement:
    """The rows of one file. Every method raises as those of the tombstones."""

    def __init__(self, file: LastingFile, withdrawn: Withdrawn, keys: Keys) -> None:
        self._file = file
        self._withdrawn, self._keys = withdrawn, keys

    def begin(self) -> None:
        """Note what was withdrawn before there were rows, by an older release: it is to be told."""
        if self._file.exists():
            with self._file.writing() as database:
                missing = "SELECT id, 0, 1, 0, 0, '' FROM withdrawals"
                database.execute(f"INSERT OR IGNORE INTO shared {missing}")

    def unshared(self, most: int, last: str = "") -> list[str]:
        """The ids of those that other sites may not know as they are here; behind the ``last``."""
        which = "there = 0 AND id > ? ORDER BY id LIMIT ?"
        return [str(row[0]) for row in self._rows("id", which, [last, most])]

    def sites(self) -> dict[str, str]:
        """The other site at which it was withdrawn, by id."""
        return {str(id_): str(site) for id_, site in self._rows("id, site", "site != ''")}

    def own(self, ids: Sequence[str]) -> dict[str, Own]:
        """What is held of each; the turns are read before what they stand for."""
        marks = ",".join("?" * len(ids))
        rows = self._rows("id, revision, changed, turn, site", f"id IN ({marks})", ids)
        known = {str(r[0]): (int(r[1]), bool(r[2]), int(r[3]), str(r[4])) for r in rows}
        withdrawn, keys = self._withdrawn(ids), self._keys(ids)
        return {
            id_: Own(
                id_,
                *known.get(id_, (0, id_ in withdrawn, 0, "")),
                withdrawn.get(id_),
                tuple(sorted(sound_keys(map(told, keys.get(id_, ()))))),
            )
            for id_ in ids
        }

    def known(self, ids: Sequence[str]) -> set[str]:
        """Of which anything was ever known here: withdrawn, let in again, or settled with others.

        Of the others one that has read no more is :class:`Own` with its id alone.
        """
        marks = ",".join("?" * len(ids))
        rows = self._rows("id", f"id IN ({marks})", ids)
        return {str(row[0]) for row in rows} | self._withdrawn(ids).keys()

    def agree(self, agreed: Sequence[tuple[Own, int]]) -> None:
        """All have these revisions of them in common; a change here since then is on top."""
        if not agreed:
            return
        rows = [(own.id, r, own.turn, own.site, r, own.turn, own.turn) for own, r in agreed]
        with self._file.writing() as database:
            database.executemany(
                "INSERT INTO shared VALUES (?,?,0,1,?,?) ON CONFLICT (id) DO UPDATE SET"
                " revision = ?, changed = changed AND turn != ?, there = turn = ?",
                rows,
            )

    def followed(self) -> tuple[str, int]:
        """Up to where an index was followed: its own number for itself, and its writes."""
        rows = self._rows("uuid, upto", "one = 1", table="followed")
        return (str(rows[0][0]), int(rows[0][1])) if rows else ("", -1)

    def follow(self, uuid: str, upto: int) -> None:
        """It was followed so far. Another than before may lack anything: all is to be told."""
        if self.followed() == (uuid, upto):
            return
        with self._file.writing() as database:
            before = database.execute("SELECT uuid FROM followed").fetchone()
            if before is None or before[0] != uuid:
                database.execute("UPDATE shared SET there = 0")
            database.execute("INSERT OR REPLACE INTO followed VALUES (1, ?, ?)", [uuid, upto])

    def _rows(
        self, columns: str, where: str, values: Sequence[object] = (), table: str = "shared"
    ) -> list[Sequence[Any]]:
        """None in a file that an older release has made."""
        with self._file.reading() as database:
            if not database or not has_table(database, table):
                return []
            query = f"SELECT {columns} FROM {table} WHERE {where}"  # noqa: S608  (our own text)
            return list(database.execute(query, list(values)).fetchall())
