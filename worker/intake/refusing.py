"""What was withdrawn is not indexed again: looked up before it is written and before it moves.

An article is recognised by its id, by the bytes of its file, or by its text where that is long
enough to be no other's; one that has no id and no URL also by most of its text under its path. Its
file goes to ``withdrawn/``, or, where it was purged, for good.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import structlog

from articles.article import KEYS, TEXT_FIELDS, Article
from extraction.formats.identity import OF_CONTENT, document_key, printable_path
from extraction.story import same_story
from indexing.writing.same_text import text_digest
from indexing.writing.versions import earlier
from worker import beneath, failpoint
from worker.folders import Folders
from worker.intake.claimed import Claims
from worker.intake.fates import ItemFate
from worker.intake.reading import ReadFile
from worker.spool.agreed import COMING, PATH, told
from worker.spool.digests import Digests
from worker.spool.settle import set_apart
from worker.spool.spool import Batch
from worker.spool.tombstones import Tombstones
from worker.spool.withdrawal import FILES, REDIS, KeptFile, Withdrawal

log = structlog.get_logger()

#: Characters of a text by which an article is recognised under any id: a shorter one may be
#: another day's ("No trains today.").
LONG = 200
#: Bytes of a file by which an earlier text counts as long: its text alone is not looked at.
LONG_FILE = 3 * LONG


def keys_of(article: Article) -> list[str]:
    """What tells whether an article that comes was withdrawn."""
    texts = {name: getattr(article, name) for name in TEXT_FIELDS}
    return [*_of_id(article.key), *_of_bytes(article.source.sha256), *_of_text(texts)]


def keys_of_document(
    id_: str, document: Mapping[str, Any], digests: Iterable[str] = ()
) -> list[str]:
    """What a document is recognised by that is withdrawn now: by its URL and earlier texts, too.

    ``digests``: of the files that the ledger knows. The surest come first: there may be too many,
    and whoever may write documents may write any history. An article that comes with an id of its
    own is no other's, whatever its URL.
    """
    url, source = document.get("url"), document.get("source", {})
    own = [id_, *([document_key(url=url)] if url else []), *_of_bytes(source.get("sha256", ""))]
    kept = [key for digest in digests for key in _of_bytes(digest)]
    texts = [f"text:{one.text}" for one in earlier(document) if one.bytes >= LONG_FILE]
    paths = dict.fromkeys((source.get("path"), *(one.path for one in earlier(document))))
    place = [_of_path(path) for path in paths if path and id_.startswith(OF_CONTENT)]
    known_as = [key for key in document.get("known_as") or () if key.startswith(KEYS)]
    return [*own, *_of_text(document), *place[:1], *kept, *texts, *place[1:], *known_as]


def _of_id(key: str) -> list[str]:
    """Also where no document goes by it."""
    return [key, f"{COMING}{key}"]


def _of_path(path: str) -> str:
    return f"{PATH}{path}"


def _of_bytes(digest: str) -> list[str]:
    return [f"sha256:{digest}"] if digest else []


def _of_text(texts: Mapping[str, Any]) -> list[str]:
    length = sum(len(texts.get(name) or "") for name in TEXT_FIELDS)
    return [f"text:{text_digest(texts)}"] if length >= LONG else []


@dataclass(frozen=True, slots=True)
class Refusing:
    """Tells what was withdrawn, and puts it away."""

    folders: Folders
    tombstones: Tombstones
    claims: Claims

    def look(self, reads: Sequence[ReadFile]) -> list[ReadFile]:
        """The files, with the withdrawal of each that was. Raises ``ServiceUnavailable``."""
        if not self.tombstones.exist():
            return list(reads)
        keys = {key for read in reads for key in (*_keys(read), *_of_place(read))}
        known = self._without_own(self.tombstones.of(keys))
        if not known:
            return [replace(read, refused=None) if read.refused else read for read in reads]
        looked = [replace(read, refused=self._withdrawn(read, known)) for read in reads]
        others = self._of_others([read.sha256 for read in looked if read.refused])
        return [replace(r, refused=None) if r.sha256 in others else r for r in looked]

    def _without_own(self, known: Mapping[str, Withdrawal]) -> dict[str, Withdrawal]:
        """Not by what a document alone tells of an article that is known here, or was let in again
        by its own id since.
        """
        coming = {key.removeprefix(COMING): key for key in known if key.startswith(COMING)}
        if not coming:
            return dict(known)
        past = self.tombstones.past(list(coming))
        again = {one.id for one in past if one.id in coming and one.at >= known[coming[one.id]].at}
        own = {coming[id_] for id_ in self.claims.own(list(coming)) | again}
        return {key: one for key, one in known.items() if key not in own}

    def _of_others(self, digests: Sequence[str]) -> set[str]:
        """Of which the archive has files as those of articles that are not withdrawn.

        Whatever a document said that is: what is read again out of the archive would be deleted.
        """
        rows = self.claims.of_bytes(digests)
        gone = self.tombstones.of({row.id for row in rows})
        return {row.sha256 for row in rows if row.id not in gone}

    def _withdrawn(self, read: ReadFile, known: Mapping[str, Withdrawal]) -> Withdrawal | None:
        for key in _keys(read):
            if key in known:
                return known[key]
        for key in (key for key in _of_place(read) if key in known):
            for one in self.tombstones.each_of(key):
                if read.article and is_same_text(one, read.article):
                    return one
        return None

    def meanwhile(
        self, ends: Sequence[tuple[ReadFile, ItemFate]]
    ) -> list[tuple[ReadFile, ItemFate]]:
        """The same ends, but what was withdrawn or restored since ``look`` waits, to be done anew.

        Call it inside ``settling``: what takes files out or lets them in waits for that lock.
        """
        looked = self.look([read for read, _ in ends])
        told: list[tuple[ReadFile, ItemFate]] = []
        for (read, fate), now in zip(ends, looked, strict=True):
            if now.refused and not read.refused:
                self._take_back(now, now.refused)
                told.append(
                    (read, replace(fate, fate="waiting", reason="it is withdrawn just now"))
                )
            elif read.refused and not now.refused:
                told.append(
                    (read, replace(fate, fate="waiting", reason="it was restored just now"))
                )
            else:
                told.append((read, fate))
        return told

    def _take_back(self, read: ReadFile, gone: Withdrawal) -> None:
        """It may have been written since, under another id, too, where its text told what it is."""
        key = read.article.key if read.article else ""
        if key.startswith(OF_CONTENT) and not self.tombstones.of([f"{COMING}{key}"]):
            self.tombstones.add_key(gone.id, key)
        self.tombstones.reopen(gone.id, gone.anew)

    def put_away(self, batch: Batch, read: ReadFile, digests: Digests) -> None:
        """Move the file of an article that was withdrawn, or delete it. Inside ``settling``.

        What else holds its text, a container or an archived file that is read again, is then
        looked for by whoever finishes withdrawals. Raises as ``settle.archive``.
        """
        gone, file = read.refused, read.file
        assert gone  # noqa: S101  (narrows the type: only those come here)
        path, size = printable_path(file.relative), read.look.size if read.look else 0
        self.tombstones.add_file(gone.id, KeptFile(path, read.sha256, size))
        elsewhere = batch.reread() or (gone.purged and batch.depth)
        if steps := [*([FILES] if elsewhere else []), *([REDIS] if gone.purged else [])]:
            self.tombstones.reopen(gone.id, steps)
        failpoint.reach("refusing.noted")
        if gone.purged:
            beneath.unlink(*beneath.split(file.path, file.relative))
        else:
            set_apart(self.folders, file.path, file.relative, digests)
        log.warning("file.withdrawn", path=path, id=gone.id, purged=gone.purged)


def is_same_text(one: Withdrawal, article: Article) -> bool:
    """Whether a text has most of that which was withdrawn; not where it is of another day."""
    day = day_of(article.published.value if article.published else "")
    return is_same((one.minhash, one.day), (article.minhash, day))


def is_same(one: tuple[str, str], other: tuple[str, str]) -> bool:
    """The rule: of each the ``minhash`` of its text, and its day ("": not told)."""
    (text, day), (other_text, other_day) = one, other
    if day and other_day and day != other_day:
        return False
    return bool(text and other_text) and same_story(text, other_text)


def day_of(published: str) -> str:
    """The day of a date as the article has it, as far as it is told."""
    return published[:10]


def _of_place(read: ReadFile) -> list[str]:
    """Of an article that nothing but its text and its place tells from others."""
    keyed = read.article is not None and read.article.key.startswith(OF_CONTENT)
    key = _of_path(printable_path(read.file.relative))
    return [key, told(key)] if keyed else []  # as it was withdrawn here, and at another site


def _keys(read: ReadFile) -> list[str]:
    """With what its content alone tells: it is the same file before it is known by its path."""
    if not read.article:
        return _of_bytes(read.digest)
    own = _of_id(read.content_key) if read.content_key else []
    return [*keys_of(read.article), *own]
