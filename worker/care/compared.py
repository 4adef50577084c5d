"""What ``verify`` has seen, in a private SQLite file that goes with its process.

An archive of millions does not fit in memory twice; this takes a few hundred bytes of temporary
disk for each document.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from articles.article import Version
from indexing.writing.states import Origin
from worker.site import NOWHERE, Site

_SCHEMA = """
PRAGMA journal_mode = OFF;
PRAGMA cache_size = -65536;
CREATE TABLE documents (
    id TEXT PRIMARY KEY, path TEXT, sha256 TEXT, received_at TEXT, state TEXT, pipeline TEXT,
    json INTEGER, seen INTEGER DEFAULT 0, site TEXT, here INTEGER
) WITHOUT ROWID;
CREATE INDEX by_bytes ON documents (sha256);
CREATE TABLE versions (
    id TEXT, number INTEGER, path TEXT, sha256 TEXT, text TEXT, received_at TEXT, json INTEGER,
    seen_at TEXT, here INTEGER
);
CREATE TABLE copies (
    id TEXT, path TEXT, sha256 TEXT, received_at TEXT, site TEXT, seen INTEGER DEFAULT 0
);
CREATE INDEX copies_by_bytes ON copies (sha256);
CREATE TABLE keys (key TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE articles (number INTEGER PRIMARY KEY, id TEXT, path TEXT, sha256 TEXT);
CREATE INDEX articles_by_bytes ON articles (sha256);
CREATE TABLE shared (sha256 TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE INDEX versions_by_bytes ON versions (sha256);
CREATE INDEX versions_by_id ON versions (id);
CREATE TABLE differences (
    number INTEGER PRIMARY KEY, kind TEXT, path TEXT, id TEXT, detail TEXT
);
CREATE INDEX by_path ON differences (path);
CREATE INDEX by_kind ON differences (kind, number);
CREATE INDEX by_id ON differences (id);
"""

#: What each kind of difference means and what a person can do; the order is that of the report.
KINDS = {
    "damaged": (
        "in the data folder, and broken in part, as SQLite finds",
        "stop Depesche, and put them back from a back-up or `sqlite3 FILE .recover`",
    ),
    "no_document": (
        "in the archive or a mirror, but not in the index",
        "`depesche verify --repair` sends them through the pipeline again",
    ),
    "no_member": (
        "in a container in the archive, and nowhere else: neither beside it nor in failed/",
        "`depesche verify --repair` unpacks them again",
    ),
    "no_file": (
        "in the index, but neither in the archive nor in a mirror",
        "put the files back into archive/ from a back-up; the documents stay as they are",
    ),
    "changed": (
        "changed in the archive since they were indexed: other bytes, another text",
        "`depesche verify --repair` reads them again; put damaged ones back from a back-up first",
    ),
    "no_version": (
        "another text of a known article, none of its versions, or in a mirror not today's",
        "`depesche verify --repair` makes versions of them; delete those in archive/ that are none",
    ),
    "version_lost": (
        "an earlier version of an article, but not in the archive",
        "put the files back into archive/ from a back-up; the documents stay as they are",
    ),
    "withdrawn": (
        "withdrawn, and there again",
        "`depesche verify --repair` takes them away as they were taken before",
    ),
    "left_out": (
        "withdrawn, and other documents of theirs stay (under their path, or of other sites)",
        "`depesche where PATH` shows what is there; withdraw that by id, then these once more",
    ),
    "by_hand": (
        "corrected by hand, and the index does not say so",
        "`depesche verify --repair` corrects them again",
    ),
    "unreadable": (
        "in the archive, but cannot be read as articles",
        "mend the permissions or put them back from a back-up",
    ),
    "half": (
        "half a document: its state is none that Depesche writes",
        "`depesche reenrich --all` reads them again",
    ),
    "no_reason": (
        "in failed/ without a reason",
        "`depesche verify --repair` tries them again, which ends in the archive or with a reason",
    ),
    "reason_only": (
        "a reason in failed/ whose file is gone",
        "delete it if you took the file away on purpose",
    ),
    "left_over": (
        "in the spool, and nobody works on them",
        "`depesche up` (or watch and work intake): they are taken up by themselves",
    ),
    "no_copy": (
        "in the archive, without a whole copy in DEPESCHE_ARCHIVE",
        "`depesche watch` copies what is new; `depesche verify --archive-copies --repair` the rest",
    ),
    "copy_withdrawn": (
        "withdrawn, and there is a copy in DEPESCHE_ARCHIVE",
        "`depesche verify --archive-copies --repair` has the watcher remove them",
    ),
    "copy_only": (
        "in DEPESCHE_ARCHIVE, but not in the archive",
        "put the files back into archive/ from there; or delete there what you deleted here",
    ),
    "stray": (
        "in spool/, but in no batch: not put there by Depesche, or not whole",
        "look at them, then move them into the inbox or delete them",
    ),
}

#: Where what was withdrawn is again: a document, or a file that is one of the article's.
IN_INDEX, IN_ARCHIVE = "in the index", "in the archive"

#: The kinds that ``--repair`` puts right.
REPAIRED = (
    *("no_document", "no_member", "no_version", "changed", "no_reason", "withdrawn", "by_hand"),
    *("no_copy", "copy_withdrawn"),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that is not as it should be; ``path`` is printable, below its folder."""

    kind: str
    path: str
    id: str = ""
    detail: str = ""


#: What was seen of a document's file: nothing; an article of its id and text; its very bytes; or
#: its path with another text of its id.
_UNSEEN, _ARTICLE, _BYTES, _OTHER_TEXT = range(4)


class Compared:
    """Documents with a mark for what was seen of their files, and the differences."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("")  # a temporary file without a name
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Give the temporary disk back."""
        self._db.close()

    def add_documents(self, page: Iterable[Origin], site: Site = NOWHERE) -> None:
        """Remember documents, no file seen yet; of those of other sites none is looked for."""
        rows = [(*_values(o), o.site, site.owns(o.site)) for o in page]
        self._db.executemany("INSERT OR IGNORE INTO documents VALUES (?,?,?,?,?,?,?,0,?,?)", rows)
        versions = [
            (o.id, *_values_of_version(v), site.owns(v.site)) for o in page for v in o.earlier
        ]
        self._db.executemany("INSERT INTO versions VALUES (?,?,?,?,?,?,?,NULL,?)", versions)
        copies = [
            (o.id, copy.path, copy.sha256, copy.received_at, o.site)
            for o in page
            for copy in o.copies
            if site.name and site.owns(copy.site)
        ]
        self._db.executemany("INSERT INTO copies VALUES (?,?,?,?,?,0)", copies)
        keys = [(key,) for o in page for key in o.known_as]
        self._db.executemany("INSERT OR IGNORE INTO keys VALUES (?)", keys)

    def saw_bytes(self, sha256: str, path: str) -> bool:
        """Mark the documents and earlier versions made from these bytes; whether there is any.

        A name in ``.json`` may make the same bytes another article: those are told apart.
        """
        which = (sha256, _is_json(path))
        update = "UPDATE versions SET seen_at = ? WHERE sha256 = ? AND json = ?"
        version = self._db.execute(update, (path, *which)).rowcount > 0
        self._db.execute("UPDATE copies SET seen = 1 WHERE sha256 = ?", (sha256,))
        return self._mark(_BYTES, "sha256 = ? AND json = ?", which) or version

    def saw_mirrored(self, id_: str, below: str) -> bool:
        """Mark the document of a mirror's file, if its path is one of that; whether it is there."""
        self._mark(_BYTES, "id = ? AND substr(path, 1, ?) = ?", (id_, len(below), below))
        return self.is_document(id_)

    def earlier_text(self, id_: str, path: str, sha256: str) -> str:
        """The digest of an earlier text of a document that is of these bytes, if it names the path.

        "" where its bytes are these: it has that text now, or nobody knows better.
        """
        query = (
            "SELECT versions.text FROM documents JOIN versions USING (id) WHERE documents.id = ?1"
            " AND documents.path = ?2 AND documents.sha256 != ?3 AND versions.sha256 = ?3"
        )
        row = self._db.execute(query, (id_, path, sha256)).fetchone()
        return str(row[0] or "") if row else ""

    def forget_versions(self, below: str) -> None:
        """Earlier texts of a mirror's files are not kept."""
        query = "DELETE FROM versions WHERE substr(path, 1, ?) = ?"
        self._db.execute(query, (len(below), below))

    def saw_article(self, key: str) -> bool:
        """Mark the document of that id, if its bytes were not seen; whether there is one.

        Of one with versions the id does not tell which of its texts the file has.
        """
        one_text = "id NOT IN (SELECT id FROM versions)"
        where = f"id = ? AND seen = {_UNSEEN} AND {one_text}"
        return self._mark(_ARTICLE, where, (key,)) or self.knows(key)

    def knows(self, key: str) -> bool:
        """Whether there is a document of that id, or with a text of that key; no mark is set."""
        query = "SELECT 1 FROM documents WHERE id = ?1 UNION ALL SELECT 1 FROM keys WHERE key = ?1"
        return bool(self._db.execute(query, (key,)).fetchone())

    def is_document(self, id_: str) -> bool:
        """Whether there is a document of exactly that id."""
        query = "SELECT 1 FROM documents WHERE id = ?"
        return bool(self._db.execute(query, (id_,)).fetchone())

    def add_articles(self, files: Iterable[tuple[str, str, str]]) -> None:
        """Of files that articles have (id, path, SHA-256), remember those without a document."""
        self._db.executemany(
            "INSERT INTO articles (id, path, sha256) SELECT ?1, ?2, ?3"
            " WHERE NOT EXISTS (SELECT 1 FROM documents WHERE id = ?1)",
            files,
        )

    def add_shared(self, files: Iterable[tuple[str, str]]) -> None:
        """Of files (SHA-256, id) remember those that have a document, and bytes of such articles.

        None is looked at where there are no such articles.
        """
        if self._db.execute("SELECT 1 FROM articles").fetchone():
            self._db.executemany(
                "INSERT OR IGNORE INTO shared SELECT ?1"
                " WHERE EXISTS (SELECT 1 FROM articles WHERE sha256 = ?1)"
                " AND EXISTS (SELECT 1 FROM documents WHERE id = ?2)",
                files,
            )

    def is_shared(self, sha256: str) -> bool:
        """Whether another row has a document for these bytes of an article without one."""
        query = "SELECT 1 FROM shared WHERE sha256 = ?"
        return bool(self._db.execute(query, (sha256,)).fetchone())

    def without_document(self, size: int) -> Iterator[list[tuple[str, str, str]]]:
        """Those that were remembered so, in pages, without those of which it is told already."""
        last = 0
        query = "SELECT * FROM articles WHERE number > ? ORDER BY number LIMIT ?"
        while rows := self._db.execute(query, (last, size)).fetchall():
            last = rows[-1][0]
            yield [row[1:] for row in rows if not self.is_told(row[1])]

    def is_told(self, id_: str) -> bool:
        """Whether a file of that id is one of the differences already."""
        query = "SELECT 1 FROM differences WHERE id = ? AND kind IN ('no_document', 'withdrawn')"
        return bool(self._db.execute(query, (id_,)).fetchone())

    def has_version(self, key: str, text: str) -> bool:
        """Whether an earlier version of that document has the text of this digest."""
        query = "SELECT 1 FROM versions WHERE id = ? AND text = ?"
        return bool(self._db.execute(query, (key, text)).fetchone())

    def is_version_at(self, key: str, path: str) -> bool:
        """Whether the file at that path was seen to be an earlier version of that document."""
        query = "SELECT 1 FROM versions WHERE id = ? AND seen_at = ?"
        return bool(self._db.execute(query, (key, path)).fetchone())

    def unseen_versions(self) -> Iterator[tuple[str, int, str, str]]:
        """Of earlier versions whose bytes were not seen: id, number, path, when it was claimed."""
        fields = "id, number, path, received_at"
        query = f"SELECT {fields} FROM versions WHERE seen_at IS NULL AND here"  # noqa: S608
        yield from self._db.execute(query)

    def unseen_copies(self) -> Iterator[tuple[str, str, str, str]]:
        """Of copies of other sites' articles: id, path, when it was claimed, that site."""
        query = "SELECT id, path, received_at, site FROM copies WHERE NOT seen"
        yield from self._db.execute(query)

    def nameless(self) -> Iterator[tuple[str, str]]:
        """Of documents that name no site, and of which the very bytes were seen: id, path."""
        query = f"SELECT id, path FROM documents WHERE site = '' AND seen = {_BYTES}"  # noqa: S608
        yield from self._db.execute(query)

    def elsewhere(self) -> dict[str, int]:
        """How many documents are of each other site."""
        query = "SELECT site, count(*) FROM documents WHERE NOT here GROUP BY site ORDER BY site"
        return dict(self._db.execute(query).fetchall())

    def _mark(self, seen: int, where: str, values: tuple[object, ...]) -> bool:
        update = f"UPDATE documents SET seen = {seen} WHERE {where}"  # noqa: S608  (our own text)
        return self._db.execute(update, values).rowcount > 0

    def unseen(self) -> Iterator[Origin]:
        """Documents of this site for which no file was seen that holds what was indexed, those of a
        path together.
        """
        return self._origins(f"here AND seen IN ({_UNSEEN}, {_OTHER_TEXT}) ORDER BY path")

    def half(self) -> Iterator[Origin]:
        """Documents that are in no state that Depesche writes."""
        return self._origins(
            "state NOT IN ('pending', 'enriched', 'failed')"
            " OR (state = 'enriched' AND pipeline = '')"
        )

    def _origins(self, where: str) -> Iterator[Origin]:
        fields = "id, path, sha256, received_at, state, pipeline"
        query = f"SELECT {fields} FROM documents WHERE {where}"  # noqa: S608  (our own text)
        return (Origin(*row) for row in self._db.execute(query))

    def add(self, difference: Difference) -> None:
        """Note a difference."""
        self._db.execute(
            "INSERT INTO differences (kind, path, id, detail) VALUES (?,?,?,?)",
            (difference.kind, difference.path, difference.id, difference.detail),
        )

    def replace_by_changed(self, document: Origin) -> None:
        """A document's file holds something else now: that is one difference and not two."""
        unreadable = self._db.execute(
            "UPDATE differences SET id = ? WHERE path = ? AND kind = 'unreadable'",
            (document.id, document.path),
        )
        if unreadable.rowcount:
            return
        self._db.execute(
            "DELETE FROM differences WHERE path = ? AND kind IN ('no_version', 'no_document')",
            (document.path,),
        )
        self.add(Difference("changed", document.path, document.id, f"was {document.sha256}"))

    def take_back(self, ids: Iterable[str]) -> None:
        """Files that have a document after all."""
        query = "DELETE FROM differences WHERE id = ? AND kind = 'no_document'"
        self._db.executemany(query, [(id_,) for id_ in ids])

    def take_back_path(self, kind: str, path: str) -> None:
        """A path that is well after all."""
        self._db.execute("DELETE FROM differences WHERE path = ? AND kind = ?", (path, kind))

    def has(self, kind: str, path: str) -> bool:
        """Whether there is a difference of that kind at a path."""
        query = "SELECT 1 FROM differences WHERE path = ? AND kind = ?"
        return bool(self._db.execute(query, (path, kind)).fetchone())

    def is_same_text(self, difference: Difference) -> None:
        """Take a difference of texts back: the file belongs to its document."""
        self.take_back_text(difference)
        self._mark(_ARTICLE, f"id = ? AND seen = {_UNSEEN}", (difference.id,))

    def take_back_text(self, difference: Difference) -> None:
        """Take a difference of texts back: it is one of the article's."""
        self._db.execute(
            "DELETE FROM differences WHERE kind = 'no_version' AND path = ?", (difference.path,)
        )

    def is_another_text(self, difference: Difference) -> None:
        """Say which file's text the document has; at the document's own path it was changed."""
        where = f"here AND id = ? AND path = ? AND seen != {_BYTES}"
        self._mark(_OTHER_TEXT, where, (difference.id, difference.path))
        self._db.execute(
            "UPDATE differences SET detail = (SELECT 'the index has that of ' || documents.path"
            " FROM documents WHERE documents.id = differences.id)"
            " WHERE kind = 'no_version' AND path = ?",
            (difference.path,),
        )

    def pages(self, kind: str, size: int) -> Iterator[list[Difference]]:
        """The differences of a kind, in the order they were found."""
        last = 0
        while True:
            rows = self._db.execute(
                "SELECT number, kind, path, id, detail FROM differences"
                " WHERE kind = ? AND number > ? ORDER BY number LIMIT ?",
                (kind, last, size),
            ).fetchall()
            if not rows:
                return
            last = rows[-1][0]
            yield [Difference(*row[1:]) for row in rows]

    def as_they_came(self, kind: str, came: Callable[[str], float]) -> Iterator[Difference]:
        """The differences of a kind, that with the earliest ``came`` of its path first.

        Nothing may be added meanwhile.
        """
        self._db.create_function("came", 1, came)
        rows = self._db.execute(
            "SELECT kind, path, id, detail FROM differences WHERE kind = ?"
            " ORDER BY came(path), number",
            (kind,),
        )
        yield from (Difference(*row) for row in rows)

    def counts(self) -> dict[str, int]:
        """How many differences there are of each kind."""
        rows = self._db.execute("SELECT kind, count(*) FROM differences GROUP BY kind")
        numbers = dict(rows.fetchall())
        return {kind: numbers[kind] for kind in KINDS if kind in numbers}

    def documents(self) -> int:
        """How many documents were looked at."""
        (count,) = self._db.execute("SELECT count(*) FROM documents").fetchone()
        return int(count)


def _values(o: Origin) -> tuple[object, ...]:
    return o.id, o.path, o.sha256, o.received_at, o.state, o.pipeline, _is_json(o.path)


def _values_of_version(v: Version) -> tuple[object, ...]:
    return v.number, v.path, v.sha256, v.text, v.received_at, _is_json(v.path)


def _is_json(path: str) -> bool:
    return path.lower().endswith(".json")
