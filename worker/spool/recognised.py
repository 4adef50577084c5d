"""What tombstones are recognised by: what a site knows itself, and what others have told it.

None gives way to another kind: who may write what sites tell each other may tell anything, and who
sends files has one more digest with each. So what others have told has places of its own, as many
as others take (``sound``), and so has each of two kinds: digests of files, and all that is surer.
Of the strange ones those stay that were told last, and of these the surest. Its own stay; of what
documents tell a part is taken, and each file that comes has its digest. Other documents that are
the same article, which anybody may have written, have places beside these.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

from indexing.index.sound import MOST_KEYS, MOST_OF_DOCUMENTS, is_key
from indexing.index.source import is_text
from worker.spool.agreed import COMING, DIGEST, PATH
from worker.spool.lasting_file import has_table

#: Of each kind so many from other documents; with those of its own all are told to other sites.
MOST_OF_OTHERS = MOST_OF_DOCUMENTS // 2
#: Characters of a path as it is printed: no file of ours has a longer one, wherever it lies.
_LONGEST_PATH = 100_000
#: What an article is recognised by in whatever file it comes; and by its very bytes only.
_SURE, _OF_BYTES = ("text:", "u-", "t-", COMING, PATH, DIGEST), "sha256:"
#: Before these digests, they, and behind them; to SQLite an empty blob is behind every text.
_RANGES = (("", "sha256:"), ("sha256:", "sha256;"), ("sha256;", b""))
_OF_ONE = "SELECT key FROM keys k WHERE id = ?1 AND key >= ?2 AND key < ?3{} ORDER BY key LIMIT ?4"
_NOT_STRANGE = " AND NOT EXISTS (SELECT 1 FROM strange s WHERE s.id = ?1 AND s.key = k.key)"
_BEGINNING = "SELECT key FROM keys WHERE id IN ({}) AND key >= ? AND key < ?"


class Held(NamedTuple):
    """The keys of one tombstone: the site's own, and those that other sites have told."""

    own: list[str]
    strange: list[str]

    def first(self) -> list[str]:
        """In the order in which others are told, who take a part: its own, then the strange ones.

        Of its own files but a quarter stands before what others recognise it by in any file.
        """
        own, files = _by_kind(surest_first(self.own))
        strange, strange_files = _by_kind(surest_first(self.strange))
        part = MOST_KEYS // 4
        return [*own, *files[:part], *strange, *files[part:], *strange_files]


def held(database: sqlite3.Connection, ids: Iterable[str]) -> Iterator[tuple[str, Held]]:
    """The keys of each that has any; of its own as many of each kind as others take."""
    is_old = not has_table(database, "strange")
    of_one = _OF_ONE.format("" if is_old else _NOT_STRANGE)
    for id_ in ids:
        ranges = ([id_, *bounds, MOST_KEYS] for bounds in _RANGES)
        own = [str(row[0]) for values in ranges for row in database.execute(of_one, values)]
        strange = [] if is_old else _listed(database, "strange", id_)
        if own or strange:
            yield id_, Held(own, strange)


def beginning(database: sqlite3.Connection, ids: Sequence[str], begins: str) -> list[str]:
    """All keys of these that begin so."""
    query, values = _BEGINNING.format(",".join("?" * len(ids))), [*ids, begins, behind(begins)]
    return [str(row[0]) for row in database.execute(query, values)]


def behind(begins: str) -> str:
    """The first text behind all that begin so."""
    return begins[:-1] + chr(ord(begins[-1]) + 1)


def put(
    database: sqlite3.Connection,
    id_: str,
    keys: Iterable[str],
    of_others: Iterable[str] = (),
    beyond: int = 0,
) -> None:
    """What a site withdraws it by, the surest first; behind what it knows already.

    ``of_others``: what documents tell that nothing but Elasticsearch knows as the same article, of
    which so many were not read that are ``beyond`` these.
    """
    theirs = set(_listed(database, "of_others", id_))
    known = {id_, *next((found.own for _, found in held(database, [id_])), [])} - theirs
    new, own = _placed(keys, known, MOST_OF_DOCUMENTS)
    for key in (id_, *own):
        add(database, id_, key)
    known, theirs = known | set(own), theirs - set(own)
    more, others = _placed((k for k in of_others if k not in known), theirs, MOST_OF_OTHERS)
    for key in others:
        add(database, id_, key)
        database.execute("INSERT INTO of_others VALUES (?,?)", [id_, key])
    _note_left_out(database, id_, new - len(own) + more - len(others) + beyond)


def add(database: sqlite3.Connection, id_: str, key: str) -> None:
    """One more, by what has come in: of the others none is read, for each file that comes has one.

    From now on it is its own, whoever has told it before.
    """
    for table in ("strange", "of_others"):
        database.execute(f"DELETE FROM {table} WHERE id = ? AND key = ?", [id_, key])  # noqa: S608
    database.execute("INSERT OR IGNORE INTO keys VALUES (?,?)", [key, id_])


def take(database: sqlite3.Connection, id_: str, keys: Iterable[str]) -> None:
    """What another site says that it is recognised by; what others have said before is behind."""
    add(database, id_, id_)
    asked = dict.fromkeys([*surest_first(keys), *surest_first(_listed(database, "strange", id_))])
    gone = "DELETE FROM keys WHERE id = ?1 AND key IN (SELECT key FROM strange WHERE id = ?1)"
    database.execute(gone, [id_])
    database.execute("DELETE FROM strange WHERE id = ?", [id_])
    others = [key for key in asked if not _is_there(database, id_, key)]
    kept = _in_places(others, (), MOST_KEYS)
    _say_left_out(id_, len(others) - len(kept))
    database.executemany("INSERT INTO keys VALUES (?,?)", [(key, id_) for key in kept])
    database.executemany("INSERT INTO strange VALUES (?,?)", [(id_, key) for key in kept])


def forget(database: sqlite3.Connection, ids: Collection[str]) -> None:
    """The tombstones are no more."""
    for table in ("keys", "strange", "of_others", "left_out"):
        rows = ([id_] for id_ in ids)
        database.executemany(f"DELETE FROM {table} WHERE id = ?", rows)  # noqa: S608  (our own)


def left_out(database: sqlite3.Connection) -> dict[str, int]:
    """How many keys that documents told had no place, by id, since it was withdrawn last."""
    if not has_table(database, "left_out"):
        return {}
    return {str(id_): int(keys) for id_, keys in database.execute("SELECT * FROM left_out")}


def surest_first(keys: Iterable[str]) -> list[str]:
    """Where there are too many the digests of single files are left out first, of all keys."""
    return sorted(keys, key=lambda key: (_is_of_bytes(key), not key.startswith(_SURE)))


def _is_of_bytes(key: str) -> bool:
    return key.startswith(_OF_BYTES)


def _by_kind(keys: Iterable[str]) -> tuple[list[str], list[str]]:
    """Those that are surer, and digests of files."""
    kinds = list[str](), list[str]()
    for key in keys:
        kinds[_is_of_bytes(key)].append(key)
    return kinds


def _placed(keys: Iterable[str], held: Collection[str], most: int) -> tuple[int, list[str]]:
    """How many are keys and not held yet, and which of these have a place."""
    new = [key for key in dict.fromkeys(keys) if key not in held and _is_key(key)]
    return len(new), _in_places(new, held, most)


def _in_places(new: Iterable[str], held: Collection[str], most: int) -> list[str]:
    """What is a key: the first for which there is room beside these, of each kind."""
    kinds = zip(_by_kind(filter(_is_key, new)), _by_kind(held), strict=True)
    return [key for more, there in kinds for key in more[: max(0, most - len(there))]]


def _listed(database: sqlite3.Connection, table: str, id_: str) -> list[str]:
    query = f"SELECT key FROM {table} WHERE id = ? ORDER BY key"  # noqa: S608  (our own text)
    return [str(row[0]) for row in database.execute(query, [id_])]


def _is_there(database: sqlite3.Connection, id_: str, key: str) -> bool:
    found = database.execute("SELECT 1 FROM keys WHERE key = ? AND id = ?", [key, id_])
    return found.fetchone() is not None


def _is_key(key: str) -> bool:
    """A path is told as its digest, whatever its length."""
    return is_key(key) or (key.startswith(PATH) and is_text(key) and len(key) <= _LONGEST_PATH)


def _note_left_out(database: sqlite3.Connection, id_: str, count: int) -> None:
    """For who withdraws and who looks later; what was told of it before was looked at."""
    database.execute("DELETE FROM left_out WHERE id = ?", [id_])
    if count:
        database.execute("INSERT INTO left_out VALUES (?,?)", [id_, count])
    _say_left_out(id_, count)


def _say_left_out(id_: str, count: int) -> None:
    if count:
        import structlog  # here, for `status` does without

        structlog.get_logger().warning("withdrawal.keys_left_out", id=id_, keys=count)
