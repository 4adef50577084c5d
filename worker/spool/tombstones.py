"""What was withdrawn: the record by which it is refused from then on, in SQLite.

``data/withdrawals.sqlite`` is no record for people alone, as the ledger is, but a truth: whoever
indexes asks it first, and waits where it cannot be asked. Each change is on disk when it returns.
No text of an article is in it: an id, digests, paths, and why, when and by whom it was withdrawn.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from articles.article import KEYS
from worker.spool import past, recognised
from worker.spool.agreed import Agreement, Own, is_turn, note_agreed, note_change
from worker.spool.tombstones_file import tombstones_file
from worker.spool.withdrawal import STEPS, KeptFile, Past, Withdrawal

_CHUNK = 500
_PAGE = 5_000
_COLUMNS = "w.id, w.path, w.reason, w.at, w.who, w.purged, w.todo, w.turn, w.day, w.minhash"

_NAMES = """SELECT id FROM withdrawals WHERE id > :last
UNION SELECT key FROM keys WHERE key >= max(:begins, :last) AND key < :ends AND key != :last
ORDER BY 1 LIMIT :most"""

_WITH_KEY = "keys k CROSS JOIN withdrawals x ON x.id = k.id WHERE k.key"
#: Of many with one key the others are not gone through.
_OF = f"""WITH asked (key) AS (VALUES {{}})
SELECT {_COLUMNS}, a.key FROM asked a JOIN withdrawals w ON w.id = coalesce(
    (SELECT k.id FROM {_WITH_KEY} = a.key AND k.id = a.key),
    (SELECT k.id FROM {_WITH_KEY} = a.key ORDER BY k.id LIMIT 1))"""  # noqa: S608  (our own text)
_HOLDERS = f"""SELECT x.id FROM {_WITH_KEY} = ?1
ORDER BY x.id = ?1 DESC, x.purged DESC, x.id LIMIT ?2"""  # noqa: S608  (our own text)
_UNFINISHED = "SELECT id FROM withdrawals WHERE todo != '' AND id > ? ORDER BY id LIMIT ?"
_LEFT = "SELECT DISTINCT todo FROM withdrawals WHERE todo != ''"

#: With what it is recognised by (``refusing.keys_of_document``) and the files that hold it.
Tombstone = tuple[Withdrawal, Sequence[str], Sequence[KeptFile]]


class Tombstones:
    """The file. Every method raises ``ServiceUnavailable`` where SQLite or the disk refuses."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = tombstones_file(path)
        self.agreement = Agreement(self._file, self.by_id, self.keys)

    def add(
        self,
        new: Iterable[Tombstone],
        of_others: Mapping[str, Sequence[str]] = MappingProxyType({}),
        beyond: Mapping[str, int] = MappingProxyType({}),
    ) -> None:
        """Refuse articles from now on, all or none; one that is refused already gets what is new.

        What was purged stays purged. ``of_others``: by id what others' documents tell of it, and
        how many are ``beyond`` these.
        """
        with self._file.writing() as database:
            for one, keys, files in new:
                _add(database, one, files)
                of_id = of_others.get(one.id, ()), beyond.get(one.id, 0)
                recognised.put(database, one.id, keys, *of_id)
                note_change(database, [one.id])

    def take(self, others: Iterable[tuple[Own, Tombstone, int, str, bool]]) -> None:
        """Refuse what other sites have withdrawn: at which revision and site, and whether this one
        has more to say (``note_agreed``).
        """
        with self._file.writing() as database:
            for own, (one, keys, files), revision, site, more in others:
                if is_turn(database, own):
                    _add(database, one, files)
                    recognised.take(database, one.id, keys)
                    note_agreed(database, own, revision, site, more=more)

    def add_file(self, id_: str, file: KeptFile) -> None:
        """One more file of what was withdrawn: it came again."""
        with self._file.writing() as database:
            _put_files(database, id_, [file])
            recognised.add(database, id_, f"sha256:{file.sha256}")

    def add_key(self, id_: str, key: str) -> None:
        """One more thing that it is recognised by."""
        with self._file.writing() as database:
            recognised.add(database, id_, key)

    def reopen(self, id_: str, steps: Iterable[str]) -> None:
        """Steps are to be taken once more."""
        self.reopen_each({id_: steps})

    def reopen_each(self, steps: Mapping[str, Iterable[str]]) -> None:
        """Steps are to be taken once more, by id."""
        if not steps:
            return
        with self._file.writing() as database:
            for id_, more in steps.items():
                which = "SELECT todo FROM withdrawals WHERE id = ?"
                for (todo,) in database.execute(which, [id_]).fetchall():
                    update = "UPDATE withdrawals SET todo = ?, turn = turn + 1 WHERE id = ?"
                    database.execute(update, (_in_order({*todo.split(), *more}), id_))

    def done(self, ids: Iterable[str], steps: Iterable[str], turns: Iterable[int]) -> None:
        """Steps were taken; where more were asked for since that ``turn``, all are done again."""
        ids, gone = list(ids), set(steps)
        if not ids:
            return
        with self._file.writing() as database:
            for id_, turn in zip(ids, turns, strict=True):
                which = "SELECT todo FROM withdrawals WHERE id = ? AND turn = ?"
                for (todo,) in database.execute(which, (id_, turn)).fetchall():
                    rest = _in_order(set(todo.split()) - gone)
                    database.execute("UPDATE withdrawals SET todo = ? WHERE id = ?", (rest, id_))

    def remove(
        self,
        ids: Iterable[str],
        agreed: Mapping[str, tuple[Own, int]] = MappingProxyType({}),
        who: str = "",
    ) -> None:
        """Refuse them no longer, on the word of ``who``; ``agreed`` are those that another site has
        let in, and at which revision: not where somebody here has withdrawn them meanwhile.
        """
        with self._file.writing() as database:
            going = [i for i in ids if i not in agreed or is_turn(database, agreed[i][0])]
            for id_ in going:
                past.restored(database, id_, who)
            rows = [(id_,) for id_ in going]
            database.executemany("DELETE FROM withdrawals WHERE id = ?", rows)
            database.executemany("DELETE FROM files WHERE id = ?", rows)
            recognised.forget(database, going)
            note_change(database, (id_ for id_ in going if id_ not in agreed))
            for own, revision in (agreed[id_] for id_ in going if id_ in agreed):
                note_agreed(database, own, revision)

    def of(self, keys: Iterable[str]) -> dict[str, Withdrawal]:
        """One that has the key, by key: the one that has it for its id before others."""
        wanted = list(dict.fromkeys(keys))
        found: dict[str, Withdrawal] = {}
        with self._file.reading() as database:
            for start in range(0, len(wanted) if database else 0, _CHUNK):
                chunk = wanted[start : start + _CHUNK]
                assert database  # noqa: S101  (narrows the type)
                for row in database.execute(_OF.format(",".join(["(?)"] * len(chunk))), chunk):
                    found[str(row[-1])] = _withdrawal(row[:-1])
        return found

    def each_of(self, key: str) -> Iterator[Withdrawal]:
        """All that have the key, in pages: there may be very many."""
        few = f"SELECT k.id FROM {_WITH_KEY} = ? AND k.id > ? ORDER BY k.id LIMIT ?"  # noqa: S608
        last = ""
        while page := self._listed(f"w.id IN ({few}) ORDER BY w.id", [key, last, _CHUNK]):
            yield from page
            last = page[-1].id

    def holders(self, keys: Iterable[str], most: int) -> list[str]:
        """The ids of those that have any of the keys, each once; of each key so many at most.

        The one whose id it is comes first, then those that are purged.
        """
        with self._file.reading() as database:
            each = (database.execute(_HOLDERS, [key, most]) for key in keys) if database else ()
            return list(dict.fromkeys(str(id_) for rows in each for (id_,) in rows))

    def meant(self, text: str) -> list[Withdrawal]:
        """Those whose id is ``text``, or whose path, that of a file of theirs, or another id of
        theirs is, or whose id begins with it.
        """
        of_file = "w.id IN (SELECT id FROM files WHERE path = ?)"
        known_as = "w.id IN (SELECT id FROM keys WHERE key = ?)"
        begins = "w.id >= ?1 AND w.id < ?1 || char(0x10ffff)"
        keys = [known_as] if text.startswith(KEYS) else []  # documents name any text as theirs
        for where in ("w.id = ?", "w.path = ?", of_file, *keys, begins):
            if found := self._listed(where, [text]):
                return found
        return []

    def by_id(self, ids: Sequence[str]) -> dict[str, Withdrawal]:
        """Those with these very ids."""
        found: dict[str, Withdrawal] = {}
        for start in range(0, len(ids), _CHUNK):
            chunk = ids[start : start + _CHUNK]
            marks = ",".join("?" * len(chunk))
            found |= {one.id: one for one in self._listed(f"w.id IN ({marks})", chunk)}
        return found

    def keys(self, ids: Sequence[str]) -> dict[str, list[str]]:
        """What each of these is recognised by: what others are told first comes first.

        Of those with very many as many as others take, at least.
        """
        with self._file.reading() as database:
            found = recognised.held(database, ids) if database else ()
            return {id_: held.first() for id_, held in found}

    def left_out(self) -> dict[str, int]:
        """How many keys had no place when it was withdrawn last, by id; of the others none."""
        with self._file.reading() as database:
            return recognised.left_out(database) if database else {}

    def keys_beginning(self, ids: Sequence[str], begins: str) -> list[str]:
        """All keys of these that begin so."""
        found = list[str]()
        with self._file.reading() as database:
            for start in range(0, len(ids) if database else 0, _CHUNK):
                assert database  # noqa: S101  (narrows the type)
                found += recognised.beginning(database, ids[start : start + _CHUNK], begins)
        return found

    def past(self, texts: Sequence[str] = ()) -> list[Past]:
        """What was withdrawn and let in again since, or withdrawn once more; the latest first.

        Of these ids and paths; of all where none is named.
        """
        with self._file.reading() as database:
            return past.past(database, texts) if database else []

    def exist(self) -> bool:
        """Whether anything was ever withdrawn."""
        return self._file.exists()

    def changes(self) -> bytes:
        """What is another with each change; empty where nothing was ever withdrawn."""
        return self._file.changes()

    def all(self) -> list[Withdrawal]:
        """All, the latest first."""
        return self._listed("1 ORDER BY w.at DESC, w.id")

    def names(self, begins: str) -> Iterator[list[str]]:
        """The ids of all, and of the keys of all those that begin so, in pages."""
        values: dict[str, object] = {"begins": begins, "ends": recognised.behind(begins)}
        values |= {"most": _PAGE, "last": ""}
        while True:
            with self._file.reading() as database:
                rows = database.execute(_NAMES, values).fetchall() if database else []
            if not rows:
                return
            yield [str(row[0]) for row in rows]
            values["last"] = rows[-1][0]

    def unfinished(self, most: int = -1, last: str = "") -> list[Withdrawal]:
        """Those with steps to be taken, by their ids: so many at most, behind the ``last``."""
        return self._listed(f"w.id IN ({_UNFINISHED}) ORDER BY w.id", [last, most])

    def count_unfinished(self) -> int:
        """How many those are."""
        with self._file.reading() as database:
            count = "SELECT count(*) FROM withdrawals WHERE todo != ''"
            return int(database.execute(count).fetchone()[0]) if database else 0

    def is_left(self, steps: Sequence[str], behind: str = "") -> bool:
        """Whether any has one of the steps to be taken, and no longer that ``behind`` which it is.

        No list is made for that: what is left may be millions.
        """
        with self._file.reading() as database:
            rows = database.execute(_LEFT) if database else ()
            left = (set(todo.split()) for (todo,) in rows)
            return any(behind not in todo and not todo.isdisjoint(steps) for todo in left)

    def files(self, id_: str) -> list[KeptFile]:
        """The files that are known of one."""
        query = "SELECT path, sha256, bytes FROM files WHERE id = ? ORDER BY path, sha256"
        with self._file.reading() as database:
            return [KeptFile(*row) for row in database.execute(query, [id_])] if database else []

    def _listed(self, where: str, values: Sequence[object] = ()) -> list[Withdrawal]:
        query = f"SELECT {_COLUMNS} FROM withdrawals w WHERE {where}"  # noqa: S608  (our own text)
        with self._file.reading() as database:
            rows = database.execute(query, values).fetchall() if database else []
        return [_withdrawal(row) for row in rows]


def _add(database: sqlite3.Connection, new: Withdrawal, files: Iterable[KeptFile]) -> None:
    past.withdrawn(database, new.id)
    database.execute(
        "INSERT INTO withdrawals VALUES (?,?,?,?,?,?,?,0,?,?) ON CONFLICT (id) DO UPDATE SET"
        " reason = excluded.reason, at = excluded.at, who = excluded.who,"
        " purged = max(purged, excluded.purged), todo = excluded.todo, turn = turn + 1",
        (
            *(new.id, new.path, new.reason, new.at, new.who, new.purged, " ".join(new.todo)),
            *(new.day, new.minhash),
        ),
    )
    _put_files(database, new.id, files)


def _put_files(database: sqlite3.Connection, id_: str, files: Iterable[KeptFile]) -> None:
    rows = [(id_, file.path, file.sha256, file.bytes) for file in files]
    database.executemany("INSERT OR IGNORE INTO files VALUES (?,?,?,?)", rows)


def _in_order(steps: set[str]) -> str:
    return " ".join(step for step in STEPS if step in steps)


def _withdrawal(row: Sequence[object]) -> Withdrawal:
    id_, path, reason, at, who, purged, todo, turn, day, minhash = row
    return Withdrawal(
        str(id_), str(path), str(reason), str(at), str(who), bool(purged),
        tuple(str(todo).split()), int(str(turn)), str(day), str(minhash),
    )  # fmt: skip
