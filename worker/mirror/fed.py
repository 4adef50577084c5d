"""The rows as files are put into the spool: what is to be read, and what is on its way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile

from worker.mirror.difference import Look
from worker.mirror.rows import AS_BEFORE, Rows

#: What is not read after so many seconds is told of: it is kept open, say.
LONG = 600.0
#: How the ``batch`` of a file begins that was taken out of its own; the file's ctime ends it: what
#: has changed since had no turn.
_BEHIND = "behind "


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file that is to be read, by the ``number`` of its row; ``since``: when it was so first."""

    path: bytes
    look: Look
    since: float
    sha256: str
    batch: str
    number: int = 0

    @property
    def put_off(self) -> bool:
        """Whether it had its turn, as it is: it waits in the tree for others to have theirs."""
        return self.batch == f"{_BEHIND}{self.look.ctime}"


class Fed(Rows):
    """Files on their way from the tree into a batch."""

    def waiting(self, after: int = 0) -> Iterator[Waiting]:
        """Files that are to be read, as they came: those behind this row first."""
        yield from self._waiting(after)
        yield from takewhile(lambda file: file.number <= after, self._waiting(0) if after else ())

    def _waiting(self, last: int) -> Iterator[Waiting]:
        query = (
            "SELECT path, size, mtime, inode, ctime, since, sha256, batch, number FROM files"
            " WHERE state = 'new' AND gone = 0 AND number > ? ORDER BY number LIMIT 500"
        )
        while rows := self._db.execute(query, (last,)).fetchall():
            for path, size, mtime, inode, ctime, *rest in rows:
                yield Waiting(path, Look(size, mtime, inode, ctime), *rest)
            last = rows[-1][-1]

    def unread(self, before: float) -> int:
        """How many files look since before then as they do, and are not read all the same."""
        query = "SELECT count(*) FROM files WHERE state = 'new' AND gone = 0 AND since < ?"
        return self._one(query, (before,))

    def is_under_way(self, look: Look) -> bool:
        """Whether it is in a batch under another name: it has moved, or that is a link to it.

        It is not known yet what becomes of it; and links are no reason for a copy of each.
        """
        query = (
            "SELECT EXISTS (SELECT 1 FROM files WHERE state = 'sent'"
            " AND inode = ? AND size = ? AND mtime = ?)"
        )
        return bool(self._one(query, (look.inode, look.size, look.mtime)))

    def sent(self, batch: str, files: Mapping[bytes, str]) -> None:
        """Files, with the digests (SHA-256) of their bytes, that are put into a batch now."""
        rows = [(batch, digest, path) for path, digest in files.items()]
        query = "UPDATE files SET state = 'sent', batch = ?, sha256 = ? WHERE path = ?"
        with self._together():
            self._db.executemany(query, rows)

    def as_before(self, path: bytes) -> None:
        """It was touched, and has the bytes that it had."""
        with self._together():
            self._db.execute(
                f"UPDATE files SET state = {AS_BEFORE} WHERE path = ? AND state = 'new'",  # noqa: S608
                (path,),
            )

    def fail(self, path: bytes, reason: str) -> None:
        """It cannot be read: which bytes it has is not known."""
        with self._together():
            query = "UPDATE files SET state = 'failed', reason = ?, sha256 = '' WHERE path = ?"
            self._db.execute(query, (reason, path))

    def batches(self) -> list[str]:
        """The batches that files are in, as far as is known here."""
        return [
            b for (b,) in self._db.execute("SELECT DISTINCT batch FROM files WHERE state='sent'")
        ]

    def lost(self, batches: Iterable[str]) -> None:
        """Batches that are not in the spool: what is still in them is to be read again."""
        with self._together():
            query = "UPDATE files SET state='new', sha256='' WHERE state='sent' AND batch = ?"
            self._db.executemany(query, [(batch,) for batch in batches])

    def put_off(self, batch: str, tried: Iterable[bytes]) -> None:
        """What is left of a batch is to be read again: what was ``tried``, when there is room.

        A container of which members are left is so, too, though it came to its end itself.
        """
        left = "path = ? AND batch = ? AND state IN ('sent', 'unpacked', 'failed')"
        query = f"UPDATE files SET state='new', sha256='', batch = ? || ctime WHERE {left}"  # noqa: S608
        with self._together():
            self._db.executemany(query, [(_BEHIND, path, batch) for path in tried])
        self.lost([batch])

    def again(self, paths: Iterable[bytes]) -> None:
        """Have files read again, whatever became of them; of a member its container."""
        with self._together():
            for path in paths:
                whole = "SELECT container FROM members WHERE path = ?"
                container = self._db.execute(whole, (path,)).fetchone()
                which = (container[0] if container else path,)
                query = "UPDATE files SET state='new', sha256='' WHERE path=? AND state!='sent'"
                self._db.execute(query, which)

    def known_as(self, ids: Mapping[bytes, str]) -> None:
        """Files that were refused are these documents' once they are let in, whatever they hold."""
        query = "UPDATE files SET id = ? WHERE path = ? AND id = '' AND state = 'withdrawn'"
        with self._together():
            self._db.executemany(query, [(id_, path) for path, id_ in ids.items()])

    def again_withdrawn(self) -> None:
        """Have read again what was refused, in containers too."""
        query = (
            "UPDATE files SET state = 'new', sha256 = '' WHERE state = 'withdrawn' OR path IN"
            " (SELECT container FROM members WHERE state = 'withdrawn') AND state != 'sent'"
        )
        with self._together():
            self._db.execute(query)
