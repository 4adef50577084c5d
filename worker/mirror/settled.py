"""The rows as intake writes them: what became of files, and which documents are looked at then."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from worker.mirror.rows import OF_DOCUMENT, Rows


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a file of a batch; ``container``: the path of the one that it lies in."""

    path: bytes
    state: str
    id: str = ""
    reason: str = ""
    container: bytes = b""


class Settled(Rows):
    """Files and their documents."""

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

    def missed(self, most: int) -> dict[bytes, str]:
        """Documents of files that are missed, by path; none where there are more than ``most``.

        Nor where they may be away: that they are missed says nothing of what is new then.
        """
        away = "SELECT 1 FROM about WHERE name = 'away' AND value != ''"
        there = f"gone > 0 AND id != '' AND state IN ('indexed', 'new') AND NOT EXISTS ({away})"
        query = f"SELECT path, id FROM files WHERE {there} LIMIT ?"  # noqa: S608
        rows = self._db.execute(query, (most + 1,)).fetchall()
        return {} if len(rows) > most else dict(rows)

    def take_over(self, new: bytes, old: bytes, id_: str) -> bool:
        """The document of a file that is missed is that of another from now on.

        False where the file is back or forgotten meanwhile, or has another document.
        """
        query = "SELECT 1 FROM files WHERE path = ? AND id = ? AND gone > 0"
        with self._together():
            if not self._db.execute(query, (old, id_)).fetchone():
                return False
            self._touch("SELECT id FROM files WHERE path IN (?, ?)", (new, old))
            self._happened("moved", new, old)
            self._db.execute("UPDATE files SET id = ? WHERE path = ?", (id_, new))
            self._db.execute("DELETE FROM files WHERE path = ?", (old,))
        return True

    def join(self, documents: Mapping[str, str]) -> None:
        """The files of documents are those of another each: by id, the one that stays."""
        if not documents:
            return
        with self._together():
            for old, new in documents.items():
                for table in ("files", "members"):
                    query = f"UPDATE {table} SET id = ?2 WHERE {OF_DOCUMENT}"  # noqa: S608
                    self._db.execute(query, (old, new))
                self._touch("SELECT ?1 AS id UNION SELECT ?2 AS id", (old, new))

    def touched(self, most: int, after: str = "") -> dict[str, int]:
        """Ids of documents that are to be looked at, each with its turn: those behind one first."""
        behind, before = (
            f"SELECT id, turn FROM touched WHERE id {which} ? ORDER BY id LIMIT ?"  # noqa: S608
            for which in (">", "<=")
        )
        rows = self._db.execute(behind, (after, most)).fetchall()
        return dict([*rows, *self._db.execute(before, (after, most - len(rows)))])

    def touched_of(self, ids: Sequence[str]) -> dict[str, int]:
        """The same of these alone."""
        query = f"SELECT id, turn FROM touched WHERE id IN ({','.join('?' * len(ids))})"  # noqa: S608
        return dict(self._db.execute(query, ids))

    def looked_at(self, turns: Mapping[str, int]) -> None:
        """Those documents are as they are to be; not what was touched since that turn."""
        with self._together():
            self._db.executemany("DELETE FROM touched WHERE id = ? AND turn = ?", turns.items())


def _reason(fate: Fate) -> str:
    """What its state is known by when it is seen to be unchanged."""
    if fate.state == "failed":
        return fate.reason or "failed"
    return "" if fate.state == "indexed" else fate.state
