"""``where``: the whole life of a file or an article, and where it is now. It only looks.

Told by what is durable alone: the folders, the reasons of failures, the ledger, the index. Where
one of them cannot be asked, the others tell what they know.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field

from articles.article import TEXT_FIELDS
from articles.errors import ServiceUnavailable, UsageError
from indexing.index.source import source_of
from indexing.searching.identify import identify, of_path
from indexing.writing.stored import by_id
from indexing.writing.versions import WANTED, every
from worker import beneath
from worker.care import life
from worker.care.failed_under import MOST, FailedUnder, Failure
from worker.care.files_of import unread_of
from worker.care.life_in_mirrors import in_mirrors
from worker.care.may_hold import above
from worker.container import Container
from worker.file_numbers import moment_of
from worker.intake.copies import told_of
from worker.intake.told import possible_bytes, possible_path
from worker.spool.ledger import Entry
from worker.spool.settle import lies_as
from worker.spool.spool import CLAIMED, FILES, iso
from worker.spool.withdrawal import Past, Withdrawal

_WANTED = (*WANTED, *TEXT_FIELDS, "enrichment")
_OF_MANY = f"The first {MOST} files in failed/ have names that may be of"
_STATES = {
    "pending": "waits for enrichment",
    "failed": "its enrichment has failed (`depesche retry`)",
}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file or an article is now.

    ``where``: ``inbox``, ``spool``, ``archive``, ``failed``, ``withdrawn``, ``mirror`` (it stays
    where it is), or ``index`` where ``id`` is given.
    """

    where: str
    path: str
    detail: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Life:
    """What has happened, in order; where it is now; and sentences of what could not be asked."""

    steps: list[life.Step]
    places: list[Place]
    unasked: list[str]


@dataclass(slots=True)
class _Known:
    """What is written down of it; ``rows`` are the ledger's, ``documents`` those of the index.

    Of an article (``whole``) what happened to all its files is told, else to these ``paths`` alone.
    """

    paths: set[str]
    whole: bool = False
    rows: list[Entry] = field(default_factory=list)
    documents: dict[str, life.Document] = field(default_factory=dict)
    withdrawn: list[Withdrawal] = field(default_factory=list)
    past: list[Past] = field(default_factory=list)
    unasked: list[str] = field(default_factory=list)


def where(container: Container, text: str) -> Life:
    """The life of a file, by its path below the inbox, or of an article, by its id or a beginning.

    Of a file what happened to it is told, of an article what happened to all its files. Raises
    :class:`UsageError` where nothing is known of it, or a beginning is that of several ids.
    """
    known = _of_article(container, text)
    if not (known.rows or known.documents or text in _ids(known)):
        known = _of_file(container, text)
    told = _told(container, known)
    if told.steps or told.places or told.unasked:
        return told
    meant = identify(container.client, container.settings.index, text)
    return _told(container, _of_article(container, meant))


def _of_article(container: Container, id_: str) -> _Known:
    """What is known of the article with exactly this id."""
    known = _Known(set(), whole=True)
    known.rows = _rows(container, known, [id_], [])
    known.documents = _documents(container, known, [id_])
    known.withdrawn = _withdrawn(container, known, [id_])
    known.paths = {path for path, _ in _files(known)}
    known.paths |= {one.path for one in known.withdrawn} | {one.path for one in known.past}
    return known


def _of_file(container: Container, path: str) -> _Known:
    """What is known of the file with exactly this path."""
    known = _Known({path})
    known.rows = _rows(container, known, [], [path])
    ids = {row.id for row in known.rows if row.id}
    with suppress(ServiceUnavailable, UsageError):  # who asks for the documents says so
        ids |= set(of_path(container.client, container.settings.index, path))
    if ids and container.mirrors.of_path(path):  # it may have come under another path
        known.rows = _rows(container, known, sorted(ids), [path])
    known.documents = _documents(container, known, sorted(ids))
    known.withdrawn = _withdrawn(container, known, [path, *sorted(ids)])
    return known


def _rows(container: Container, known: _Known, ids: list[str], paths: list[str]) -> list[Entry]:
    try:
        return container.ledger.about(ids, paths)
    except (sqlite3.Error, OSError) as error:
        known.unasked.append(f"The ledger cannot be read: {error}")
        return []


def _withdrawn(container: Container, known: _Known, meant: list[str]) -> list[Withdrawal]:
    try:
        found = [each for text in meant for each in container.tombstones.meant(text)]
        known.past = container.tombstones.past(meant)
    except ServiceUnavailable as error:
        known.unasked.append(str(error))
        return []
    exactly = (each for each in found if each.id in meant or each.path in meant)
    return list({each.id: each for each in exactly}.values())


def _by_hand(container: Container, known: _Known) -> Iterator[life.Step]:
    try:
        found = container.by_hand.of(known.documents)
    except ServiceUnavailable as error:
        known.unasked.append(str(error))
        return
    for id_, settings in found.items():
        path = (known.documents[id_].get("source") or {}).get("path") or ""
        yield from (life.of_setting(id_, path, one) for one in settings)


def _documents(container: Container, known: _Known, ids: list[str]) -> dict[str, life.Document]:
    try:
        found = by_id(container.client, container.settings.index, ids, _WANTED)
    except (ServiceUnavailable, UsageError) as error:
        known.unasked.append(f"The index cannot be asked: {error}")
        return {}
    return {entry["_id"]: source_of(entry) for entry in found}


def _told(container: Container, known: _Known) -> Life:
    failures = _failures(container, known)
    # The reason beside a failed file tells of each of its failures, the ledger of the last alone.
    rows = [row for row in known.rows if row.fate != "failed" or not failures.get(row.path)]
    steps = list(life.of_rows(rows, known.documents))
    for id_, document in known.documents.items():
        steps += life.of_document(id_, document, rows)
    steps += _by_hand(container, known)
    steps += map(life.of_past, reversed(known.past))
    steps += map(life.of_withdrawal, known.withdrawn)
    steps += in_mirrors(container.mirrors, known.paths, _ids(known))
    for path, all_ in failures.items():
        steps += (step for _, reason in all_ for step in life.of_reason(path, reason))
    own = [step for step in steps if known.whole or step.path in known.paths]
    places = [*_of_files(container, known, failures), *_of_documents(known)]
    return Life(life.in_order(own), places, known.unasked)


def _failures(container: Container, known: _Known) -> dict[str, list[Failure]]:
    """What lies in ``failed/`` of each path."""
    failed, digests = FailedUnder(container.folders), dict[str, set[str]]()
    for row in known.rows:
        if row.fate == "failed" and row.sha256:
            digests.setdefault(row.path, set()).add(row.sha256)
    found = {path: failed.of(path, digests.get(path, ())) for path in sorted(known.paths)}
    known.unasked += (f"{_OF_MANY} {path}: others were not looked at." for path in failed.left)
    return found


def _of_files(
    container: Container, known: _Known, failures: Mapping[str, list[Failure]]
) -> Iterator[Place]:
    """Where the files are: still to be done, failed, or done."""
    for path in sorted(known.paths):
        yield from _waiting(container, path)
        yield from (Place("failed", path, str(file)) for file, _ in failures[path])
        yield from _in_mirror(container, path)
    for path, sha256 in _files(known):
        there = sha256 and path in known.paths
        file = told_of(container.folders, path, sha256) if there else None
        if file:
            yield Place("archive", path, str(file))
        elif there:
            known.unasked += unread_of(container.folders, path, sha256)
        away = container.folders.withdrawn if there else None
        if away and (file := lies_as(away, possible_path(path), sha256)):
            yield Place("withdrawn", path, str(file))


def _ids(known: _Known) -> set[str]:
    gone = {one.id for one in known.withdrawn} | {one.id for one in known.past}
    return {*known.documents, *(row.id for row in known.rows), *gone}


def _files(known: _Known) -> list[tuple[str, str]]:
    """Path and digest of each file that is told of."""
    texts = [text for document in known.documents.values() for text in every(document)]
    files = [(text.path, text.sha256) for text in texts]
    return list(dict.fromkeys([*files, *((row.path, row.sha256) for row in known.rows)]))


def _waiting(container: Container, path: str) -> Iterator[Place]:
    """Where a file, or the container that it is in, is still to be done."""
    below, inbox = possible_path(path), container.folders.inbox
    for each in [below, *above(below)] if below else []:
        of = "" if each == below else f", in {each}"
        if beneath.is_file(inbox, each) and (status := beneath.status(inbox, each)):
            since = iso(moment_of(status.st_mtime))
            yield Place("inbox", path, f"to be claimed, last written {since}{of}")
        for batch in container.spool.batches():
            if any(beneath.is_file(batch.folder / name, each) for name in (CLAIMED, FILES)):
                yield Place(
                    "spool", path, f"claimed {iso(batch.received)}, waits in {batch.name}{of}"
                )


def _in_mirror(container: Container, path: str) -> Iterator[Place]:
    """What is known of a file that stays where it is; where that cannot be read, nothing."""
    if found := container.mirrors.of_path(path):
        mirror, below = found
        with suppress(OSError, sqlite3.Error), mirror.opened() as known:
            state, reason = known.fate_of(possible_bytes(below))
            if state:
                said = f"{state}: {reason}" if reason and reason != state else state
                yield Place("mirror", path, f"{known.about()['root']}/{below}, {said}")


def _of_documents(known: _Known) -> Iterator[Place]:
    for id_, document in known.documents.items():
        state = (document.get("enrichment") or {}).get("state") or "pending"
        count = len(every(document))
        which = f"version {document.get('version') or 1} of {count}, " if count > 1 else ""
        path = (document.get("source") or {}).get("path") or ""
        yield Place("index", path, f"{which}{_STATES.get(state, state)}", id_)
