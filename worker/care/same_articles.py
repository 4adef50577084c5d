"""Documents of an article that is withdrawn, under other ids.

A changed text is known by what its path has in the archive. Where the text before it was cut short
on its way there, it has a document of its own until both are joined
(``worker/intake/same_path.py``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog

from extraction.formats.identity import OF_CONTENT, printable_path
from extraction.story.minhash import BANDS
from indexing.index.source import source_of
from indexing.writing.recognise import Known, known_of, recognisable, short
from indexing.writing.stored import readable
from worker import beneath
from worker.care.believed import believed
from worker.care.files_of import copies_of
from worker.container import Container
from worker.intake.claimed import came_by
from worker.intake.copies import told_of
from worker.intake.refusing import day_of, is_same
from worker.spool.settle import lies_as
from worker.spool.withdrawal import KeptFile

log = structlog.get_logger()

#: Each brings its path, its headline and 42 keys of its signature.
AT_ONCE = 100
_WANTED = ("source.path", "source.sha256", "headline", "published", "minhash", "signature", "by_hand")


#: By id the ids of others, and how many there are besides.
_Others = tuple[dict[str, list[str]], dict[str, int]]


def same_articles(container: Container, ids: Sequence[str]) -> _Others:
    """The ids of other documents that an article has, by its id, where it has any.

    And how many more there are that may be, where more are under its path than are read. The rule
    is that by which their texts are refused. Raises ``ServiceUnavailable`` and ``UsageError``.
    """
    of_content = [id_ for id_ in ids if id_.startswith(OF_CONTENT)]
    others, beyond = dict[str, list[str]](), dict[str, int]()
    for at in range(0, len(of_content), AT_ONCE):
        documents = _documents(container, of_content[at : at + AT_ONCE])
        found, more = _found_of_each(container, documents)
        own = _own(container, {id_: documents[id_] for id_ in {*more, *(id_ for id_, _ in found)}})
        for id_, other in found:
            if id_ in own:
                others.setdefault(id_, []).append(other)
        beyond |= {id_: count for id_, count in more.items() if id_ in own}
    return others, beyond


def _documents(container: Container, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
    entries = readable(container.client, container.settings.index, ids, _WANTED)
    told = {entry["_id"]: _told(entry) for entry in entries}
    return {id_: document for id_, document in told.items() if document["minhash"]}


def _told(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What of a document is kept: together they may be any number of megabytes."""
    known, keys = known_of(entry), source_of(entry).get("signature") or ()
    return {
        "source": {"path": known.path, "sha256": known.sha256},
        "headline": known.headline,
        "published": known.published,
        "minhash": known.minhash,
        "signature": list(filter(None, map(short, keys[:BANDS]))),
    }


def _own(container: Container, documents: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Those of which their path is: by that another's text would be taken for the same article.

    The ledger does not know yet what is in the spool still.
    """
    if not documents:
        return set()
    copies = copies_of(container.ledger, list(documents))
    sure = believed(container.ledger, {id_: [_path(d)] for id_, d in documents.items()}, copies)
    return {id_ for id_, d in documents.items() if sure[id_] or _is_spooled(container, d)}


def _is_spooled(container: Container, document: Mapping[str, Any]) -> bool:
    """Whether the very file that a document names is on its way."""
    digest = str((document.get("source") or {}).get("sha256") or "")
    files = (file for batch in container.spool.batches() for file in batch.files())
    named = (file for file in files if printable_path(file.relative) == _path(document))
    places = ((Path(beneath.split(f.path, f.relative)[0]), f.relative) for f in named)
    with suppress(OSError):  # it was archived meanwhile
        return any(lies_as(root, relative, digest) for root, relative in places)
    return False


def _found_of_each(
    container: Container, documents: Mapping[str, Mapping[str, Any]]
) -> tuple[list[tuple[str, str]], dict[str, int]]:
    """Of these; where there are too many of them, each is asked for by itself."""
    if not documents:
        return [], {}
    beyond = list[int]()
    found = list(_found(container, documents, beyond.append))
    if not beyond:
        return found, {}
    if len(documents) == 1:
        return found, dict.fromkeys(documents, beyond[0])
    each = [_found_of_each(container, {id_: one}) for id_, one in documents.items()]
    more = {id_: count for _, of_one in each for id_, count in of_one.items()}
    return [pair for pairs, _ in each for pair in pairs], more


def _found(
    container: Container,
    documents: Mapping[str, Mapping[str, Any]],
    beyond: Callable[[int], object],
) -> Iterator[tuple[str, str]]:
    client, index = container.client, container.settings.index
    paths = sorted(set(map(_path, documents.values())))
    headlines = sorted({document.get("headline") or "" for document in documents.values()})
    bands = sorted({b for d in documents.values() for b in (d.get("signature") or ())[:BANDS]})
    came = came_by(container.ledger, paths)
    on_its_way = _on_its_way(container, documents)
    # What the ledger knows takes no place of others where it is none of them in any case.
    first, without = (came.ids, ()) if on_its_way else ((), came.ids)
    found = recognisable(client, index, paths, headlines, bands, first, beyond, without)
    others = [k for k in found if k.id.startswith(OF_CONTENT) and k.id not in documents]
    copies = copies_of(container.ledger, [known.id for known in others])
    for known in others:
        for id_ in (id_ for id_, document in documents.items() if _is_one(known, document)):
            if known.id not in copies or (id_ in on_its_way and came.has(known)):
                yield id_, known.id
            else:
                log.warning("withdraw.another_article", id=id_, other=known.id, path=known.path)


def _on_its_way(container: Container, documents: Mapping[str, Mapping[str, Any]]) -> set[str]:
    """Those of which no file is in the archive yet, but in the spool.

    What the ledger knows as two articles has been one until then alone: intake would have joined
    them. Whatever their documents say, for who may write documents can have any two look alike.
    """
    files, spooled = (f for batch in container.spool.batches() for f in batch.files()), set[str]()
    with suppress(OSError):  # what nobody can look at is not seen by intake either
        spooled = {printable_path(file.relative) for file in files}
    may = [id_ for id_, document in documents.items() if _path(document) in spooled]
    copies = copies_of(container.ledger, may)
    new = [id_ for id_ in may if not _is_archived(container, copies.get(id_, ()))]
    return {id_ for id_ in new if _is_spooled(container, documents[id_])}


def _is_archived(container: Container, files: Sequence[KeptFile]) -> bool:
    return any(told_of(container.folders, each.path, each.sha256) for each in files)


def _is_one(known: Known, document: Mapping[str, Any]) -> bool:
    one = document["minhash"], day_of(document.get("published") or "")
    other = known.minhash, day_of(known.published)
    return known.path == _path(document) and is_same(one, other)


def _path(document: Mapping[str, Any]) -> str:
    return str((document.get("source") or {}).get("path") or "")
