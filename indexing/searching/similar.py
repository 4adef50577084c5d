"""Articles like a given one, and all versions of a story."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError

from articles.errors import UsageError
from indexing.index.faults import translate_errors
from indexing.index.point_in_time import pages
from indexing.index.source import source_of
from indexing.searching import matter
from indexing.writing.stored import readable

_FIELDS = ["headline", "kicker", "published", "agency", "received_at", "source.path", "story"]
#: What a name in common is worth beside the words. Set by hand; no judged pairs measure it, nor
#: the share of words below.
_NAMES = {"keyphrases": 3.0, "people": 2.0, "organisations": 1.0, "places": 0.5}
#: What must be alike; organisations and places alone make no two articles alike.
_CORE = ("keyphrases", "people")
_MOST_NAMES = 8
#: Of the words that stand out in the article, so many must occur in the other.
_WORDS, _SHARED = 40, "20%"
_MOST = 1000
#: Articles that are looked at more closely, and of how many one request brings the terms.
_CANDIDATES, _AT_ONCE = 40, 10
#: Of each text so many characters are read, of each kind of names so many.
_LONGEST, _MOST_READ = 20_000, 1_000
_READ = (*matter.TEXTS, *matter.NAMES)
#: From so much on two articles are on one matter; see docs/searching.md, "Around a hit".
FLOOR = 0.24


@dataclass(frozen=True, slots=True)
class Alike:
    """An article; ``score`` is 0 for versions of a story, ``published`` is cut to its precision."""

    id: str
    score: float
    headline: str
    kicker: str
    published: str
    agency: list[str]
    received_at: str
    path: str
    story: str


def similar(client: Elasticsearch, index: str, id_: str, size: int = 10) -> list[Alike]:
    """Return articles on the same matter as the article ``id_``, most alike first.

    Versions of its own story are left out, and of each other story the one most alike is given.
    Raises :class:`UsageError` for an id that does not exist, and ``ServiceUnavailable``.
    """
    if not 0 < size <= _MOST:
        raise UsageError(f"The size must be from 1 to {_MOST}.")
    document = _document(client, index, id_)
    with translate_errors():
        answer = client.search(
            index=index,
            query=likeness(index, id_, document),
            source_includes=_FIELDS,
            # Copies fill the list otherwise; those without a story yet count as their own.
            size=min(max(size * 3, _CANDIDATES), _MOST * 3),
        )
    candidates = [_alike(hit) for hit in answer["hits"]["hits"]]
    near = _on_one_matter(client, index, id_, document.get("published") or "", candidates)
    stories: dict[str, Alike] = {}
    for alike in near:
        stories.setdefault(alike.story or f"id {alike.id}", alike)
    return list(stories.values())[:size]


def _on_one_matter(
    client: Elasticsearch, index: str, id_: str, published: str, candidates: Sequence[Alike]
) -> list[Alike]:
    """Return those that are on the matter of ``id_``, with their scores, most alike first."""
    contents, articles = _contents(client, index, [id_, *(c.id for c in candidates)])
    own = contents.get(id_)
    if own is None:
        return []
    scored = [
        replace(c, score=_score(own, contents[c.id], articles, published, c.published))
        for c in candidates
        if c.id in contents
    ]
    return sorted((c for c in scored if c.score >= FLOOR), key=lambda c: (-c.score, c.id))


def _score(
    own: matter.Content, other: matter.Content, articles: int, published: str, when: str
) -> float:
    return matter.alike(own, other, articles) * matter.near_in_time(published, when)


def _contents(
    client: Elasticsearch, index: str, ids: Sequence[str]
) -> tuple[dict[str, matter.Content], int]:
    """Return what each article has, by id, and how many articles there are.

    What is too large to be read is left out.
    """
    contents: dict[str, matter.Content] = {}
    articles = 0
    for start in range(0, len(ids), _AT_ONCE):
        entries = list(readable(client, index, ids[start : start + _AT_ONCE], _READ))
        for entry, vectors in zip(entries, _vectors(client, index, entries), strict=True):
            contents[entry["_id"]] = matter.content(vectors)
            counted = vectors.get(matter.ALL, {}).get("field_statistics", {})
            articles = max(articles, counted.get("doc_count", 0))
    return contents, articles


def _vectors(
    client: Elasticsearch, index: str, entries: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return the terms of these documents by field, as far as they are read."""
    how = {"fields": list(matter.FIELDS), "term_statistics": True, "field_statistics": True}
    how |= {"positions": True, "offsets": False, "payloads": False}
    docs = [{"doc": _beginning(source_of(entry)), **how} for entry in entries]
    if not docs:
        return []
    with translate_errors():
        answer = client.mtermvectors(index=index, docs=docs)
    return [entry.get("term_vectors", {}) for entry in answer["docs"]]


def _beginning(document: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is read of each field, for others may write documents of many megabytes."""
    texts = {name: (document.get(name) or "")[:_LONGEST] for name in matter.TEXTS}
    return texts | {name: list(document.get(name) or ())[:_MOST_READ] for name in matter.NAMES}


def likeness(index: str, id_: str, document: Mapping[str, Any]) -> dict[str, Any]:
    """Return the query for articles like ``document``, without it and its story."""
    words: dict[str, Any] = {
        "fields": ["headline", "lead", "body"],
        "like": [{"_index": index, "_id": id_}],
        "min_term_freq": 1,
        "min_doc_freq": 2,
        "max_query_terms": _WORDS,
        "minimum_should_match": _SHARED,
    }
    names = {
        field: [
            {"constant_score": {"filter": {"term": {field: name}}, "boost": boost}}
            for name in list(document.get(field) or ())[:_MOST_NAMES]
        ]
        for field, boost in _NAMES.items()
    }
    core = [{"more_like_this": words}, *(c for field in _CORE for c in names[field])]
    more = [c for field in _NAMES if field not in _CORE for c in names[field]]
    without: list[dict[str, Any]] = [{"ids": {"values": [id_]}}]
    if document.get("story"):
        without.append({"term": {"story": document["story"]}})
    alike = {"bool": {"should": core, "minimum_should_match": 1}}
    return {"bool": {"must": [alike], "should": more, "must_not": without}}


def versions(client: Elasticsearch, index: str, id_: str) -> list[Alike]:
    """Return all versions of the story of article ``id_``, itself too, in the order they came.

    Raises :class:`UsageError` for an id that does not exist, and ``ServiceUnavailable``.
    """
    document = _document(client, index, id_)
    same: dict[str, Any] = {"ids": {"values": [id_]}}
    if document.get("story"):
        own = {"term": {"story": document["story"]}}
        same = {"bool": {"should": [same, own], "minimum_should_match": 1}}
    batches = pages(client, index, same, sort=[{"received_at": "asc"}], source=_FIELDS)
    return [_alike(hit) for hits in batches for hit in hits]


def _document(client: Elasticsearch, index: str, id_: str) -> dict[str, Any]:
    wanted = ["story", "published", *_NAMES]
    if not id_:
        raise UsageError("An id is missing.")
    try:
        with translate_errors():
            return source_of(client.get(index=index, id=id_, source_includes=wanted).body)
    except NotFoundError:
        raise UsageError(f"There is no article {id_}.") from None


def _alike(hit: Mapping[str, Any]) -> Alike:
    source = source_of(hit)
    return Alike(
        id=hit["_id"],
        score=hit.get("_score") or 0.0,
        headline=source.get("headline", ""),
        kicker=source.get("kicker", ""),
        published=source.get("published", ""),
        agency=source.get("agency", []),
        received_at=source.get("received_at", ""),
        path=source.get("source", {}).get("path", ""),
        story=source.get("story") or "",
    )
