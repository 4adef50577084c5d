"""What is asked of the rows of a mirror."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from worker.mirror.rows import OF_DOCUMENT, Rows


@dataclass(frozen=True, slots=True)
class Event:
    """A file ``moved`` here from where it ``was``, or was ``deleted``; ``at`` is ISO 8601, UTC.

    ``id`` is its document's, "" where it had none.
    """

    at: str
    what: str
    path: bytes
    was: bytes
    id: str


class Answers(Rows):
    """Which files and documents there are, and what became of them."""

    def paths_of(self, id_: str) -> list[bytes]:
        """The files that hold a document, missed ones too: they may come back."""
        query = (
            f"SELECT path FROM files WHERE {OF_DOCUMENT}"  # noqa: S608
            f" UNION SELECT path FROM members WHERE {OF_DOCUMENT}"
        )
        return [path for (path,) in self._db.execute(query, (id_,))]

    def has_alone(self, path: bytes, id_: str) -> bool:
        """Whether a file is the only one that holds a document, missed ones counted."""
        query = (
            f"SELECT path FROM files WHERE {OF_DOCUMENT}"  # noqa: S608
            f" UNION ALL SELECT path FROM members WHERE {OF_DOCUMENT} LIMIT 3"
        )  # of three one is another, for a path is in each at most once
        return {path} == {found for (found,) in self._db.execute(query, (id_,))}

    def digests_of(self, id_: str) -> dict[bytes, str]:
        """The digests (SHA-256) of the bytes that a document's files were indexed with, by path."""
        query = (
            f"SELECT path, sha256 FROM files WHERE {OF_DOCUMENT}"  # noqa: S608
            " AND state = 'indexed' AND gone = 0"
        )
        return dict(self._db.execute(query, (id_,)).fetchall())

    def id_of(self, path: bytes) -> str:
        """The document of a file, or of a member; "" where there is none."""
        query = (
            "SELECT id FROM files WHERE path = ?1 UNION ALL SELECT id FROM members WHERE path = ?1"
        )
        row = self._db.execute(query, (path,)).fetchone()
        return str(row[0]) if row else ""

    def fate_of(self, path: bytes) -> tuple[str, str]:
        """The state of a file or a member, and the reason; ``missed``; "" where none is known."""
        query = (
            "SELECT CASE WHEN gone > 0 THEN 'missed' ELSE state END, reason FROM files"
            " WHERE path = ?1 UNION ALL SELECT state, reason FROM members WHERE path = ?1"
        )
        row = self._db.execute(query, (path,)).fetchone()
        return (str(row[0]), str(row[1])) if row else ("", "")

    def events(self, paths: Collection[bytes], ids: Collection[str]) -> list[Event]:
        """What happened to these files and to those of these documents, as it came.

        All events are looked through.
        """
        of_files, of_documents = (",".join("?" * len(each)) for each in (paths, ids))
        query = (
            f"SELECT at, what, path, was, id FROM events WHERE path IN ({of_files})"  # noqa: S608
            f" OR was IN ({of_files}) OR id IN ({of_documents}) ORDER BY rowid"
        )
        return [Event(*row) for row in self._db.execute(query, (*paths, *paths, *ids))]

    def failed(self, most: int) -> list[tuple[bytes, str]]:
        """Files at fault, and why: the first ones, for no more are put in order at once."""
        of_files, of_members = (
            f"SELECT * FROM (SELECT path, reason FROM {table} WHERE state = 'failed'"  # noqa: S608
            " ORDER BY path LIMIT ?1)"
            for table in ("files", "members")
        )
        query = f"{of_files} UNION ALL {of_members} ORDER BY path LIMIT ?1"
        return self._db.execute(query, (most,)).fetchall()

    def documents(self) -> Iterator[tuple[str, bytes, str]]:
        """Every document with a file of it, and the digest (SHA-256) of the bytes it was made of.

        "" where that is not known, or the file is not what was indexed any more.
        """
        indexed = "CASE WHEN state = 'indexed' AND gone = 0 THEN sha256 ELSE '' END"
        yield from self._db.execute(
            f"SELECT id, path, {indexed} FROM files WHERE id != ''"  # noqa: S608
            " AND state IN ('indexed', 'failed')"
            " UNION ALL SELECT id, path, '' FROM members WHERE id != '' AND state = 'indexed'"
        )

    def counts(self) -> dict[str, int]:
        """How many files there are of each state, and ``gone``."""
        counts = dict(self._db.execute("SELECT state, count(*) FROM files GROUP BY state"))
        return {**counts, "gone": self.gone()}

    def is_empty(self) -> bool:
        """Whether nothing is known, and nothing to be done."""
        query = "SELECT (SELECT count(*) FROM files) + (SELECT count(*) FROM touched)"
        return not self._one(query)
