"""Quotes by an entity, and quotes about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch

from indexing.index.dates import NEWEST_FIRST
from indexing.index.faults import translate_errors
from indexing.index.source import source_of

_NEWEST_FIRST: list[dict[str, Any]] = [
    *NEWEST_FIRST,
    {"received_at": "desc"},
]
#: A name of fewer letters names too much.
_SHORTEST = 3
#: Articles that are asked for quotes.
_MOST = 1000


@dataclass(frozen=True, slots=True)
class Saying:
    """A quote with the article that it stands in; ``published`` is cut to its precision."""

    text: str
    speaker: str
    cue: str
    kind: str
    id: str
    headline: str
    published: str


def by(client: Elasticsearch, index: str, name: str, most: int) -> list[Saying]:
    """Return what ``name`` (canonical) said, newest articles first, at most ``most`` quotes.

    Raises ``ServiceUnavailable`` and ``UsageError``.
    """
    return _ask(client, index, {"term": {"quotes.speaker": name}}, [], most)


def about(
    client: Elasticsearch, index: str, field: str, names: Sequence[str], most: int
) -> list[Saying]:
    """Return quotes whose text has one of ``names``, said by others.

    The first of the names is the canonical one, and only articles that hold it in ``field``
    count: there its other forms mean it. Raises ``ServiceUnavailable`` and ``UsageError``.
    """
    told = [{"match_phrase": {"quotes.text": name}} for name in names if len(name) >= _SHORTEST]
    if not told:
        return []
    query: dict[str, Any] = {
        "bool": {
            "should": told,
            "minimum_should_match": 1,
            "must_not": [{"term": {"quotes.speaker": names[0]}}],
        }
    }
    return _ask(client, index, query, [{"term": {field: names[0]}}], most)


def _ask(
    client: Elasticsearch,
    index: str,
    query: Mapping[str, Any],
    filters: Sequence[Mapping[str, Any]],
    most: int,
) -> list[Saying]:
    if most <= 0:
        return []
    # Elasticsearch gives no more than 100 inner hits.
    inner = {"size": min(most, 100), "sort": [{"_doc": "asc"}]}
    nested = {"nested": {"path": "quotes", "query": query, "inner_hits": inner}}
    with translate_errors():
        answer = client.search(
            index=index,
            query={"bool": {"filter": [*filters, nested]}},
            sort=_NEWEST_FIRST,
            source_includes=["headline", "published"],
            size=min(most, _MOST),
        )
    return [saying for hit in answer["hits"]["hits"] for saying in _sayings(hit)][:most]


def _sayings(hit: Mapping[str, Any]) -> list[Saying]:
    inner = [quote["_source"] for quote in hit["inner_hits"]["quotes"]["hits"]["hits"]]
    source, quotes = source_of(hit), source_of({"_source": {"quotes": inner}}).get("quotes", [])
    return [
        Saying(
            text=quote.get("text") or "",
            speaker=quote.get("speaker") or "",
            cue=quote.get("cue") or "",
            kind=quote.get("kind") or "",
            id=hit["_id"],
            headline=source.get("headline", ""),
            published=source.get("published", ""),
        )
        for quote in quotes
    ]
