"""A text without an id that comes again under its path, changed: it is given the id it had.

The rule is in ``same_article.py``. What was corrected so has the keys of all its texts, so that a
copy of any is one: that costs a small request a batch; a look at paths only where other bytes have
a file's name in the archive.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

import structlog
from elasticsearch import Elasticsearch

from articles.article import Article
from articles.limits import LARGEST_ARTICLE
from extraction.formats.identity import OF_CONTENT, os_path_of, printable_path
from indexing.writing import states
from indexing.writing.recognise import Known, known_as, recognisable
from indexing.writing.replace import MadeOf, made_of_ids
from worker import beneath
from worker.folders import Folders
from worker.intake.claimed import Claims, came_by
from worker.intake.former import claimed_within
from worker.intake.reading import ReadFile
from worker.intake.same_article import is_same_article, recognised
from worker.spool.naming import dropped_name
from worker.spool.settle import archived_as
from worker.spool.spool import Batch

log = structlog.get_logger()

#: Files that one request asks about: each brings its headline and 42 keys of its signature.
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class _Again:
    """A file whose path had other bytes before: the path, as documents have it."""

    path: str
    read: ReadFile
    article: Article


@dataclass(frozen=True, slots=True)
class SamePath:
    """Finds the documents whose texts come again."""

    folders: Folders
    client: Callable[[], Elasticsearch]
    index: str
    claims: Claims

    def look(self, batch: Batch, reads: Sequence[ReadFile]) -> list[ReadFile]:
        """The files, each article under the id by which it is known.

        A file that had a document of its own before another text of its path was seen, since both
        were worked at once, is a version of the other's article now: its document is to go. Raises
        ``ServiceUnavailable`` and ``UsageError``.
        """
        ids = self._by_content(reads)
        others = [read for read in reads if read.file.relative not in ids]
        again = [each for read in others if (each := self._again(read))]
        own = self._own(batch, [*again, *_known_again(reads, ids)])
        ids |= self._found(again, reads, own) if again else {}
        ids |= _copies(reads, ids)
        ids |= {r.file.relative: id_ for r in reads if (id_ := _grown(r))}
        pairs = ((read, ids.get(read.file.relative, "")) for read in reads)
        return [_without_own(_known_as(read, key), own) if key else read for read, key in pairs]

    def _own(self, batch: Batch, again: Sequence[_Again]) -> dict[str, MadeOf]:
        """Documents that this batch has made of these very files before, by path."""
        if not batch.tried() or not again:
            return {}
        keys = {each.article.key: each for each in again}
        found = made_of_ids(self.client(), self.index, sorted(keys))
        return {
            keys[old.id].read.file.relative: old
            for old in found
            if not old.has_versions
            and (old.path, old.sha256) == (keys[old.id].path, keys[old.id].article.source.sha256)
            and claimed_within(old, batch.received) == timedelta()
        }

    def _by_content(self, reads: Sequence[ReadFile]) -> dict[str, str]:
        keys = {r.file.relative: article.key for r in reads if (article := _of_content(r))}
        wanted = sorted(set(keys.values()))
        told = known_as(self.client(), self.index, wanted) if wanted else {}
        files = {r.sha256: keys[r.file.relative] for r in reads if r.file.relative in keys}
        known = self.claims.believed(told, files)
        return {relative: known[key] for relative, key in keys.items() if key in known}

    def _again(self, read: ReadFile) -> _Again | None:
        article = _of_content(read)
        if article is None:
            return None
        # One that is read again out of the archive may have another name there than it came by.
        relative = dropped_name(read.file.relative, article.source.sha256)
        if relative == read.file.relative and not self._other_bytes(read, article.source.sha256):
            return None
        return _Again(printable_path(relative), read, article)

    def _other_bytes(self, read: ReadFile, sha256: str) -> bool:
        """Whether the archive has a file of its path with other bytes."""
        if read.met is None or read.look is None or read.met.inode == read.look.inode:
            return False
        if read.met.size != read.look.size:
            return True
        with suppress(OSError, beneath.TooLarge, beneath.NotAFile):  # it is gone, or no file
            archive, relative = self.folders.archive, read.file.relative
            data = beneath.read_below(archive, relative, LARGEST_ARTICLE)
            return hashlib.sha256(data).hexdigest() != sha256
        return False

    def _found(
        self, again: Sequence[_Again], reads: Sequence[ReadFile], own: Mapping[str, MadeOf]
    ) -> dict[str, str]:
        """The id of the document that each is known by, by path below the inbox."""
        known: dict[str, list[Known]] = {}
        came = came_by(self.claims.ledger, sorted({each.path for each in again}))
        for candidate in self._candidates(again, came.ids):
            known.setdefault(candidate.path, []).append(candidate)
        ids: dict[str, str] = {}
        for each in again:
            beside = _in_batch(each, reads, ids)
            there = [k for k in known.get(each.path, ()) if k.id != each.article.key]
            there = [k for k in there if is_same_article(k, each.article)]
            candidates = [*came.known_first(there), *beside]
            same = recognised(self._settled(candidates, each.article), each.article)
            if same and same.id != each.article.key:
                ids[each.read.file.relative] = same.id
        others = [each for each in again if each.read.file.relative not in own]
        return self._without_copies(others, ids)

    def _settled(self, candidates: Sequence[Known], article: Article) -> Sequence[Known]:
        """Of several documents of one article those whose files are archived.

        What is cut short before that, and done again, becomes a version of such a one itself.
        """
        same = [known for known in candidates if is_same_article(known, article)]
        if len(same) <= 1:
            return same
        return [k for k in same if k.sha256 and self._is_archived(k)] or same

    def _is_archived(self, known: Known) -> bool:
        return bool(archived_as(self.folders, os_path_of(known.path), known.sha256))

    def _candidates(self, again: Sequence[_Again], first: Sequence[str]) -> Iterator[Known]:
        for start in range(0, len(again), AT_ONCE):
            part = again[start : start + AT_ONCE]
            bands = {band for each in part for band in each.article.signature}
            headlines = {each.article.headline for each in part}
            paths = sorted({each.path for each in part})
            alike = sorted(headlines), sorted(bands)
            found = recognisable(self.client(), self.index, paths, *alike, first=first)
            yield from (known for known in found if known.id.startswith(OF_CONTENT))

    def _without_copies(self, again: Sequence[_Again], ids: dict[str, str]) -> dict[str, str]:
        """Without those whose very text has a document of its own: they are copies of that."""
        keys = {e.read.file.relative: e.article.key for e in again if e.read.file.relative in ids}
        there = states.existing(self.client(), self.index, sorted(set(keys.values())))
        return {relative: id_ for relative, id_ in ids.items() if keys.get(relative) not in there}


def _of_content(read: ReadFile) -> Article | None:
    """The article of a file, where its content alone tells which it is."""
    article = read.article
    if article is None or not article.key.startswith(OF_CONTENT):
        return None
    # What is part of another, or goes on with what was there, is known by that.
    return None if read.part.whole or read.part.former else article


def _known_again(reads: Sequence[ReadFile], ids: Mapping[str, str]) -> Iterator[_Again]:
    """Files whose text is a version of another's article: an attempt before may have ended there.

    The document that was made of such a file first may still be there then.
    """
    for read in reads:
        id_, article = ids.get(read.file.relative), _of_content(read)
        if article and id_ and id_ != article.key:
            relative = dropped_name(read.file.relative, article.source.sha256)
            yield _Again(printable_path(relative), read, article)


def _copies(reads: Sequence[ReadFile], ids: Mapping[str, str]) -> dict[str, str]:
    """The ids of files of the batch that have the text of one that is known by its path."""
    known = {
        article.key: ids[read.file.relative]
        for read in reads
        if read.file.relative in ids and (article := _of_content(read))
    }
    others = ((r, a) for r in reads if r.file.relative not in ids and (a := _of_content(r)))
    return {r.file.relative: known[a.key] for r, a in others if a.key in known}


def _in_batch(each: _Again, reads: Sequence[ReadFile], ids: dict[str, str]) -> list[Known]:
    """A file of its path in its own batch: so it is where the archive is read again."""
    others = (read for read in reads if read is not each.read and read.article)
    return [
        _as_known(read.article, ids.get(read.file.relative, ""))
        for read in others
        if read.article and printable_path(read.file.relative) == each.path
    ]


def _as_known(article: Article, id_: str) -> Known:
    published = article.published.value if article.published else ""
    return Known(
        id_ or article.key, article.source.path, article.headline, published, article.minhash, ""
    )


def _grown(read: ReadFile) -> str:
    """The id of a document with versions that this file's was before: it keeps them."""
    former = (old.id for old in read.part.former if old.has_versions)
    keyed = read.article is not None and read.article.key.startswith(OF_CONTENT)
    return next(former, "") if keyed else ""


def _without_own(read: ReadFile, own: Mapping[str, MadeOf]) -> ReadFile:
    """The file, which takes the place of the document that was made of it before."""
    old = own.get(read.file.relative)
    if old is None:
        return read
    return replace(read, part=replace(read.part, former=(*read.part.former, old)))


def _known_as(read: ReadFile, id_: str) -> ReadFile:
    if not id_ or read.article is None:
        return read
    log.debug("file.known_by_its_path", path=printable_path(read.file.relative), id=id_)
    article = replace(read.article, key=id_)
    return replace(read, article=article, content_key=read.article.key)
