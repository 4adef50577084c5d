"""What a person has set of articles: the record that outlives the index, in SQLite.

``data/by_hand.sqlite`` is a truth as ``withdrawals.sqlite`` is: whoever indexes an article asks it,
and waits where it cannot be asked. Each change is on disk when it returns. What is written down is
in the documents, too; ``unfinished`` are those that may not have it yet.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from indexing.writing.by_hand import Setting
from worker.spool.lasting_file import LastingFile

#: Below the data folder.
NAME = "by_hand.sqlite"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS settings (
    id TEXT NOT NULL, field TEXT NOT NULL, fields TEXT NOT NULL, at TEXT NOT NULL,
    who TEXT NOT NULL, key TEXT NOT NULL, PRIMARY KEY (id, field)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS unfinished (id TEXT PRIMARY KEY, turn INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS settings_by_key ON settings (key) WHERE key != '';
"""
_CHUNK = 500


class SettingsByHand:
    """The file. Every method raises ``ServiceUnavailable`` where SQLite or the disk refuses."""

    def __init__(self, path: Path) -> None:
        self._file = LastingFile(path, _SCHEMA, "what was corrected by hand")

    def change(self, id_: str, new: Iterable[Setting], undone: Iterable[str] = ()) -> None:
        """Note what is set of an article from now on, and what no longer; all or none."""
        with self._file.writing() as database:
            rows = [(id_, field) for field in undone]
            database.executemany("DELETE FROM settings WHERE id = ? AND field = ?", rows)
            database.executemany(
                "INSERT OR REPLACE INTO settings VALUES (?,?,?,?,?,?)",
                [(id_, s.field, json.dumps(dict(s.fields)), s.at, s.who, s.key) for s in new],
            )
            database.execute(_REOPEN, [id_])

    def forget(self, ids: Sequence[str]) -> None:
        """Nothing of them is to be known any more: they are purged."""
        if not ids or not self._file.exists():
            return
        rows = [(id_,) for id_ in ids]
        with self._file.writing() as database:
            database.executemany("DELETE FROM settings WHERE id = ?", rows)
            database.executemany("DELETE FROM unfinished WHERE id = ?", rows)

    def of(self, ids: Iterable[str]) -> dict[str, list[Setting]]:
        """What is set of each article, in the order of the fields' names; others are left out."""
        found: dict[str, list[Setting]] = {}
        for row in self._rows("id IN ({})", list(dict.fromkeys(ids))):
            found.setdefault(str(row[0]), []).append(_setting(row[1:]))
        return found

    def known(self, keys: Iterable[str]) -> dict[str, str]:
        """The ids of the articles that are known by these keys, by key."""
        wanted = [key for key in dict.fromkeys(keys) if key]
        rows = self._rows("key != '' AND key IN ({})", wanted)  # the index has no others
        return {str(row[5]): str(row[0]) for row in rows}

    def ids(self) -> Iterator[list[str]]:
        """The ids of all articles of which something is set, in pages."""
        last: list[str] = [""]
        query = "SELECT DISTINCT id FROM settings WHERE id > ? ORDER BY id LIMIT ?"
        while last:
            with self._file.reading() as database:
                rows = database.execute(query, (last[-1], _CHUNK)).fetchall() if database else []
            last = [str(row[0]) for row in rows]
            if last:
                yield last

    def reopen(self, ids: Iterable[str]) -> None:
        """Their documents may lack what is set."""
        with self._file.writing() as database:
            database.executemany(_REOPEN, [(id_,) for id_ in ids])

    def unfinished(self) -> dict[str, int]:
        """Articles whose documents may lack what is set, each with its ``turn``."""
        query = "SELECT id, turn FROM unfinished"
        with self._file.reading() as database:
            return dict(database.execute(query).fetchall()) if database else {}

    def finished(self, turns: Mapping[str, int]) -> None:
        """Documents are as they shall be, if nothing was set since that ``turn``."""
        with self._file.writing() as database:
            delete = "DELETE FROM unfinished WHERE id = ? AND turn = ?"
            database.executemany(delete, list(turns.items()))

    def changes(self) -> bytes:
        """What is another with each change; empty where nothing was ever set."""
        return self._file.changes()

    def _rows(self, which: str, values: Sequence[str]) -> list[Sequence[object]]:
        rows: list[Sequence[object]] = []
        with self._file.reading() as database:
            for start in range(0, len(values) if database else 0, _CHUNK):
                chunk = values[start : start + _CHUNK]
                where = which.format(",".join("?" * len(chunk)))
                query = f"SELECT * FROM settings WHERE {where} ORDER BY id, field"  # noqa: S608
                assert database  # noqa: S101  (narrows the type)
                rows += database.execute(query, chunk).fetchall()
        return rows


_REOPEN = "INSERT INTO unfinished VALUES (?, 1) ON CONFLICT (id) DO UPDATE SET turn = turn + 1"


def _setting(row: Sequence[object]) -> Setting:
    field, fields, at, who, key = map(str, row)
    return Setting(field, json.loads(fields), at, who, key)
