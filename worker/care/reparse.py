"""Read articles anew from their archived bytes, by the rules of today.

What is read otherwise becomes a version, marked as reparsed; what is read as before stays as it is.
Each write is on condition of what was read: it can be cut short and repeated at any time.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

from articles.article import Article, Version
from articles.errors import ArticleFault, ServiceUnavailable, UsageError
from extraction.formats.identity import OF_CONTENT
from extraction.formats.parse import parse
from indexing.index.dates import moment_of
from indexing.index.faults import translate_errors
from indexing.index.point_in_time import every_hit
from indexing.searching.export import find
from indexing.searching.query import Query
from indexing.writing.document import to_document
from indexing.writing.reread import Reread, reread
from indexing.writing.rewrite import Whole, rewrite, whole
from indexing.writing.versions import current
from worker import beneath, rooted
from worker.care.files_of import file_of, unread_of
from worker.container import Container
from worker.intake.reading import UNFINISHED
from worker.intake.told import possible_path
from worker.moment import moment

#: Few: what holds scans takes long, and Elasticsearch keeps a point in time for five minutes.
AT_ONCE = 20
TRIES = 4
#: ``reparsed``: a new version; ``renewed``: only what nobody sees is another; ``held_up``: others
#: write it again and again.
Fate = Literal["same", "reparsed", "renewed", "no_file", "unreadable", "held_up"]


@dataclass(frozen=True, slots=True)
class Reparsed:
    """What became of one article: ``old`` and ``new`` are its documents, where they differ.

    ``why`` it could not be read, or what else there is to know.
    """

    id: str
    path: str
    fate: Fate
    changed: tuple[str, ...] = ()
    why: str = ""
    old: Any = None
    new: Any = None


def found(container: Container, query: str) -> tuple[dict[str, Any], int]:
    """The query of Elasticsearch for what is to be read anew, and how many articles it finds.

    Raises ``ServiceUnavailable`` and :class:`UsageError`, also for a query that finds nothing as it
    stands: what it might have meant is not taken.
    """
    client, index = container.client, container.settings.index
    with translate_errors():
        client.indices.refresh(index=index)
    hit = find(client, index, Query(text=query))
    if hit.loosened:
        raise UsageError(f"No article has all that {query!r} asks for.")
    return hit.query, hit.total


def reparse(
    container: Container, query: dict[str, Any], *, dry_run: bool = False
) -> Iterator[Reparsed]:
    """Read each article anew that a query of :func:`found` finds; tell of each.

    With ``dry_run`` nothing is written. Raises ``ServiceUnavailable`` and ``UsageError``; what was
    told of is done.
    """
    for hits in every_hit(container.client, container.settings.index, AT_ONCE, query=query):
        left = [hit["_id"] for hit in hits]
        for last in (number == TRIES - 1 for number in range(TRIES)):
            told = _some(container, left, dry_run=dry_run)
            yield from (one for one in told if last or one.fate != "held_up")
            if not (left := [one.id for one in told if one.fate == "held_up"]):
                break


def _some(container: Container, ids: Sequence[str], *, dry_run: bool) -> list[Reparsed]:
    olds = whole(container.client, container.settings.index, ids)
    settings = container.by_hand.of(ids)
    now = moment()
    told: list[Reparsed] = []
    changes: list[tuple[Whole, Any]] = []
    for old in olds:
        path = current(old.document).path
        read = _read(container, old)
        if isinstance(read, Reparsed):
            told.append(read)
            continue
        new = reread(old.document, _document(old, read), settings.get(old.id, ()), now)
        told.append(_told(old, path, new, read))
        if new.document is not None:
            changes.append((old, new.document))
    return told if dry_run else _written(container, told, changes)


def _written(
    container: Container, told: list[Reparsed], changes: Sequence[tuple[Whole, Any]]
) -> list[Reparsed]:
    fates = {f.id: f for f in rewrite(container.client, container.settings.index, changes)}
    if away := [fate for fate in fates.values() if fate.result == "away"]:
        raise ServiceUnavailable(f"Elasticsearch takes no work now: {away[0].reason}")
    done = [id_ for id_, fate in fates.items() if fate.result == "updated"]
    read = [old.id for old, new in changes if new["enrichment"].get("state") == "pending"]
    if ids := [id_ for id_ in read if id_ in done]:
        container.publisher.enrich(ids)
    return [one if one.id not in fates else _after(one, fates[one.id]) for one in told]


def _after(one: Reparsed, fate: Any) -> Reparsed:
    if fate.result == "updated":
        return one
    result: Fate = "held_up" if fate.result == "conflict" else "unreadable"
    return replace(one, fate=result, why=fate.reason)


def _told(old: Whole, path: str, new: Reread, article: Article) -> Reparsed:
    why = ""
    known = {old.id, *old.document.get("known_as", ())}
    if not article.key.startswith(OF_CONTENT) and article.key not in known:
        why = f"by its bytes it is {article.key} now; it keeps its id"
    if new.document is None:
        return Reparsed(old.id, path, "same", why=why)
    fate: Fate = "reparsed" if new.before else "renewed"
    return Reparsed(old.id, path, fate, tuple(new.before), why, old.document, new.document)


def _document(old: Whole, article: Article) -> dict[str, Any]:
    received = str(old.document.get("received_at") or "")
    made = to_document(article, received, "")
    if article.key.startswith(OF_CONTENT) and article.key != old.id:
        made["known_as"] = [article.key]
    return made


def _read(container: Container, old: Whole) -> Article | Reparsed:
    """The article that its current bytes are now, or why there is none."""
    version, settings = current(old.document), container.settings
    try:
        data = _bytes(container, version)
        if data is None:
            return Reparsed(old.id, version.path, "no_file", why="its file is not here")
        article = parse(
            data,
            version.path,
            limit=max(len(data), settings.max_file_bytes),
            zone=settings.time_zone,
            received=moment_of(version.received_at) or datetime.now(UTC),
            limits=settings.reader_limits(),
        )
    except (OSError, ArticleFault) as error:
        return Reparsed(old.id, version.path, "unreadable", why=str(error))
    return _with_own_warnings(article, old)


def _bytes(container: Container, version: Version) -> bytes | None:
    """Of its file in the archive, or of a mirror's, if it is still the same."""
    if file := file_of(container.folders, version):
        return file.read_bytes()
    for sentence in unread_of(container.folders, version.path, version.sha256, version.bytes):
        raise PermissionError(sentence)
    mirrored = container.mirrors.of_path(version.path)
    if mirrored is None:
        return None
    mirror, rest = mirrored
    try:
        with mirror.opened() as state:
            root = Path(state.about()["root"])
        with rooted.opened(root, beneath.PASS) as tree:
            most = container.settings.max_file_bytes
            data = beneath.read_below(tree, possible_path(rest), most)
    except (OSError, ValueError, sqlite3.Error):  # gone, its disk is away, or no path at all
        return None
    return data if sha256(data).hexdigest() == version.sha256 else None


def _with_own_warnings(article: Article, old: Whole) -> Article:
    """With what intake itself has seen of its file."""
    source = old.document.get("source") or {}
    if UNFINISHED not in (source.get("warnings") or ()):
        return article
    warnings = (*article.source.warnings, UNFINISHED)
    return replace(article, source=replace(article.source, warnings=warnings))
