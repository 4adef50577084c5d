"""Documents of an article that is withdrawn, under other ids.

A changed text is known by what its path has in the archive. Where the text before it was cut short
on its way there, it has a document of its own until both are joined
(``worker/intake/same_path.py``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from extraction.formats.identity import OF_CONTENT
from extraction.story.minhash import BANDS
from indexing.index.source import source_of
from indexing.writing.by_hand import as_source
from indexing.writing.recognise import Known, recognisable
from indexing.writing.stored import by_id
from worker.container import Container
from worker.intake.refusing import day_of, is_same

#: Each brings its path, its headline and 42 keys of its signature.
AT_ONCE = 100
_WANTED = ("source.path", "headline", "published", "minhash", "signature", "by_hand")


def same_articles(container: Container, ids: Sequence[str]) -> dict[str, list[str]]:
    """The ids of other documents that an article has, by its id, where it has any.

    The rule is that by which their texts are refused. Raises ``ServiceUnavailable`` and
    ``UsageError``.
    """
    of_content = [id_ for id_ in ids if id_.startswith(OF_CONTENT)]
    others: dict[str, list[str]] = {}
    for at in range(0, len(of_content), AT_ONCE):
        for id_, other in _found(container, of_content[at : at + AT_ONCE]):
            others.setdefault(id_, []).append(other)
    return others


def _found(container: Container, ids: Sequence[str]) -> Iterator[tuple[str, str]]:
    client, index = container.client, container.settings.index
    told = {e["_id"]: as_source(source_of(e)) for e in by_id(client, index, ids, _WANTED)}
    documents = {id_: document for id_, document in told.items() if document.get("minhash")}
    if not documents:
        return
    paths = sorted(set(map(_path, documents.values())))
    headlines = sorted({document.get("headline") or "" for document in documents.values()})
    bands = sorted({b for d in documents.values() for b in (d.get("signature") or ())[:BANDS]})
    for known in recognisable(client, index, paths, headlines, bands):
        if known.id.startswith(OF_CONTENT) and known.id not in documents:
            yield from ((id_, known.id) for id_, d in documents.items() if _is_one(known, d))


def _is_one(known: Known, document: Mapping[str, Any]) -> bool:
    one = document["minhash"], day_of(document.get("published") or "")
    other = known.minhash, day_of(known.published)
    return known.path == _path(document) and is_same(one, other)


def _path(document: Mapping[str, Any]) -> str:
    return str((document.get("source") or {}).get("path") or "")
