"""The rows as the scan writes them: what was seen in the tree, and what is missed."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import suppress

from worker.file_numbers import LEAST
from worker.mirror.difference import Change, Known, Look, ending
from worker.mirror.fed import Waiting
from worker.mirror.rows import AS_BEFORE, HAS_DOCUMENT, PAGE, Rows

#: So many that may have moved are told of at once: each has a path of up to some kilobytes.
AT_ONCE = 10_000
#: A file that is new, or another than it was: its document stays until it is read. Nobody knows yet
#: what becomes of bytes that are on their way: they are no reason to leave it unread. Nor are bytes
#: that were refused: once they are let in again, a touch has them read.
_SEEN = """
INSERT INTO files (path, size, mtime, inode, ctime, since, kind) VALUES (?, ?, ?, ?, ?, ?, ?)
ON CONFLICT (path) DO UPDATE SET size = excluded.size, mtime = excluded.mtime,
    inode = excluded.inode, ctime = excluded.ctime, since = excluded.since, gone = 0, state = 'new',
    kind = excluded.kind,
    sha256 = CASE WHEN files.state IN ('sent', 'withdrawn') THEN '' ELSE files.sha256 END
"""
#: What is missed and may be known again by its bytes, as an index has it. Of what is on its way
#: nobody knows yet what becomes of it, and what was unpacked is read anew; and what is at fault has
#: the document of bytes that it has no more.
_MISSED = (
    "gone > 0 AND state != 'sent' AND reason != 'unpacked'"
    " AND (reason = '' OR id = '' OR state = 'withdrawn')"
)
_AS_MISSED = f"""
SELECT path, size, mtime, inode, ctime, went.sha256 FROM files JOIN (
    SELECT inode, size, mtime, kind, max(sha256) AS sha256 FROM files
    WHERE {_MISSED} AND sha256 != '' GROUP BY inode, size, mtime, kind
) AS went USING (inode, size, mtime, kind)
WHERE state = 'new' AND gone = 0 AND files.sha256 = '' AND size <= ? ORDER BY path LIMIT ?
"""  # noqa: S608
#: Of what is missed that which nothing looks like that is still to be read: no move is under way;
#: and what was never read: under another name it is as new.
_NOT_MOVING = (
    f"(sha256 = '' AND NOT {HAS_DOCUMENT}"  # noqa: S608
    " OR NOT EXISTS (SELECT 1 FROM files AS new WHERE new.inode = files.inode"
    " AND new.size = files.size AND new.mtime = files.mtime"
    " AND new.state = 'new' AND new.gone = 0 AND new.sha256 = ''))"
)


class Seen(Rows):
    """Files as they were seen."""

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
                    self._db.execute(_SEEN, (path, *look, now, ending(path)))

    def fill_kinds(self) -> None:
        """What an older release wrote, after a newer one had been there, has none.

        All rows are gone through, as by a look: once in the life of a process.
        """
        if self._one("SELECT EXISTS (SELECT 1 FROM files WHERE kind IS NULL)"):
            self._db.create_function("ending", 1, ending, deterministic=True)
            with self._together():
                self._db.execute("UPDATE files SET kind = ending(path) WHERE kind IS NULL")

    def with_articles(self) -> tuple[int, int]:
        """How many files there are of which anything is in the index, and are missed of them."""
        query = f"SELECT count(*), count(nullif(gone, 0)) FROM files WHERE {HAS_DOCUMENT}"  # noqa: S608
        known, gone = self._db.execute(query).fetchone()
        return known, gone

    def as_missed(self, most: int) -> list[Waiting]:
        """New files of at most so many bytes that look like missed ones under another name.

        Those have looked so for long; the digest is theirs. Others than these move when they have
        their turn.
        """
        rows = self._db.execute(_AS_MISSED, (most, AT_ONCE)).fetchall() if self.gone() else []
        return [Waiting(path, Look(*look), 0.0, sha256, "") for path, *look, sha256 in rows]

    def adopt(self, path: bytes, sha256: str) -> bool:
        """Give a file that was read what is known of a missed one with the same bytes.

        False where none of its kind is missed that had them.
        """
        query = f"SELECT path FROM files WHERE {_MISSED} AND sha256 = ? AND kind = ? LIMIT 1"  # noqa: S608
        with self._together():
            row = self._db.execute(query, (sha256, ending(path))).fetchone()
            if row:
                self._adopt(path, row[0])
        return row is not None

    def _adopt(self, new: bytes, old: bytes) -> None:
        """The row of the old path is the new one's, and its document looked at."""
        self._touch("SELECT id FROM files WHERE path IN (?, ?)", (new, old))
        self._happened("moved", new, old)
        self._forget_members(old, "")  # of a container that is at fault now
        self._db.execute(
            "UPDATE files SET (sha256, id, state, batch, reason) ="  # noqa: S608
            f" (SELECT sha256, id, {AS_BEFORE}, batch, reason FROM files WHERE path = ?)"
            " WHERE path = ?",
            (old, new),
        )
        self._db.execute("DELETE FROM files WHERE path = ?", (old,))

    def looks_missed(self) -> Iterator[tuple[int, int, int]]:
        """Size, mtime and inode of each missed file of which anything is in the index."""
        query = f"SELECT DISTINCT size, mtime, inode FROM files WHERE gone > 0 AND {HAS_DOCUMENT}"  # noqa: S608
        yield from self._db.execute(query)

    def miss_anew(self, looks: Iterable[tuple[int, int, int]], now: float) -> None:
        """What is missed and looks so (size, mtime, inode) is missed since now."""
        query = "UPDATE files SET gone = ? WHERE gone > 0 AND size = ? AND mtime = ? AND inode = ?"
        with self._together():
            self._db.executemany(query, [(now, *look) for look in looks])

    def expire(self, before: float, *, moving: float | None = None) -> int:
        """Forget files that are missed since before then; how many. Their documents are touched.

        ``moving``: before when those are missed that may have moved to what is still to be read;
        None: they are as all others.
        """
        done = 0
        query = (
            "SELECT inode, number, path FROM files WHERE gone > 0 AND gone <= ?"  # noqa: S608
            f" AND (gone <= ? OR {_NOT_MOVING})"
            " AND (inode, number) > (?, ?) ORDER BY inode, number LIMIT ?"
        )
        # What stays, for it may have moved, is gone through once, not for each page that goes.
        times, last = (before, before if moving is None else moving), (LEAST, 0)
        while rows := self._db.execute(query, (*times, *last, PAGE)).fetchall():
            with self._together():
                for *_, path in rows:
                    self._touch("SELECT id FROM files WHERE path = ?", (path,))
                    self._happened("deleted", path)
                    self._forget_members(path, "")
                    self._db.execute("DELETE FROM files WHERE path = ?", (path,))
            done, last = done + len(rows), rows[-1][:2]
        return done

    def give_up(self) -> None:
        """Forget every file, as where the mirror is removed, and give their disk back.

        A table that is emptied as a whole needs next to none for that.
        """
        self._db.execute("PRAGMA secure_delete = OFF")  # some are built to write zeros there
        with self._together():
            for table in ("files", "members"):
                self._touch(f"SELECT id FROM {table}", ())  # noqa: S608
            for table in ("files", "members", "events"):
                self._db.execute(f"DELETE FROM {table}")  # noqa: S608
        _, used, spare = self.takes()
        if spare > used:
            with suppress(sqlite3.OperationalError):  # it needs disk itself: the next turn tries
                self._db.execute("VACUUM")
