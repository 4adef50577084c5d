"""Which article a person means: by its id, the path or name of its file, or an id's beginning."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch

from articles.article import KEYS
from articles.errors import SeveralMeant, UsageError
from indexing.index.faults import translate_errors
from indexing.index.mapping import KEYWORD_CHARS
from indexing.index.point_in_time import every_hit
from indexing.index.source import source_of
from indexing.writing.stored import by_id

#: A beginning that is shorter says nothing: ``t-`` is that of most.
SHORTEST = 4
_SHOWN, _SHOWN_CHARS = 5, 100
_PAGE = 10_000


@dataclass(frozen=True, slots=True)
class _Candidate:
    id: str
    path: str


def identify(client: Elasticsearch, index: str, text: str) -> str:
    """Return the id of the one article that ``text`` means.

    Ids come first, then paths below the inbox and other keys of articles, then names of files,
    then beginnings of ids, for which all ids are looked through: Elasticsearch cannot search them
    by their beginnings. What is no key by its look is none, whatever documents say that they are
    known as.
    Raises :class:`UsageError` where there is none, or more than one, which it names; and
    ``ServiceUnavailable``.
    """
    if not text:
        raise UsageError("An id is missing.")
    if len(text) > KEYWORD_CHARS:  # as no id and no path in the index is
        raise UsageError(
            f"There is no article {text[:_SHOWN_CHARS]} …: no id and no path is so long."
        )
    if by_id(client, index, [text], []):  # what was just written is there already
        return text
    fields = ["source.path", *(["known_as"] if text.startswith(KEYS) else [])]
    for query in (_any(fields, text), _any(["source.name"], text)):
        if candidates := _fitting(client, index, query):
            return _only(text, candidates)
    ids = _beginning(client, index, text) if len(text) >= SHORTEST else []
    if not ids:
        raise UsageError(
            f"There is no article {text}: ids, their beginnings from {SHORTEST} characters on, and "
            "the paths of files below the inbox are known."
        )
    return _only(text, _fitting(client, index, {"ids": {"values": ids[: _SHOWN + 1]}}), len(ids))


def _any(fields: Sequence[str], text: str) -> dict[str, Any]:
    return {"bool": {"should": [{"term": {field: text}} for field in fields]}}


def of_path(client: Elasticsearch, index: str, path: str) -> list[str]:
    """Return the ids of articles whose text is that of a file with this path, the first few.

    Raises ``ServiceUnavailable`` and ``UsageError``.
    """
    return [found.id for found in _fitting(client, index, {"term": {"source.path": path}})]


def _only(text: str, candidates: list[_Candidate], count: int = 0) -> str:
    count = max(count, len(candidates))
    if count == 1:
        return candidates[0].id
    named = ", ".join(f"{candidate.id} ({candidate.path})" for candidate in candidates[:_SHOWN])
    more = " …" if count > _SHOWN else ""
    raise SeveralMeant(
        f"{text} may be any of {count:,} articles: {named}{more}. Name one by its id."
    )


def _fitting(client: Elasticsearch, index: str, query: dict[str, Any]) -> list[_Candidate]:
    with translate_errors():
        answer = client.search(
            index=index,
            query=query,
            source_includes=["source.path"],
            sort=[{"received_at": "asc"}],
            size=_SHOWN + 1,
        )
    hits = answer["hits"]["hits"]
    paths = [source_of(hit).get("source", {}).get("path", "") for hit in hits]
    return [_Candidate(hit["_id"], path) for hit, path in zip(hits, paths, strict=True)]


def _beginning(client: Elasticsearch, index: str, text: str) -> list[str]:
    ids = (hit["_id"] for hits in every_hit(client, index, _PAGE) for hit in hits)
    return [id_ for id_ in ids if id_.startswith(text)]
