"""Which documents enrichment is to be told of: pending ones, and those to be read again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from elasticsearch import Elasticsearch

from articles.errors import ServiceUnavailable, TooLarge, UsageError
from indexing.index import shared_rules
from indexing.index.answers import limited
from indexing.index.faults import denied, describe, judge, no_index, not_ours, translate_errors
from indexing.index.source import source_of
from indexing.writing import reenrich
from indexing.writing.reenrich import Request, Requests, asks_well, due_by
from indexing.writing.stored import readable

#: As many hits as one search may return.
_DEEPEST = 10_000
#: A document that another client wrote with dots in its keys keeps that state beside the one which
#: it gets: it is done, and would be worked on for ever otherwise.
PENDING: dict[str, Any] = {
    "bool": {
        "filter": [{"term": {"enrichment.state": "pending"}}],
        "must_not": [{"terms": {"enrichment.state": ["enriched", "failed"]}}],
    }
}


class Waiting(NamedTuple):
    """Ids of pending documents, and what is asked to be read again."""

    pending: list[str]
    requests: Requests


class Due(NamedTuple):
    """Ids of documents to be read for a request; ``finished`` where none is left of it at all."""

    ids: list[str]
    finished: bool


def waiting(
    client: Elasticsearch, index: str, limit: int, exclude: Collection[str] = ()
) -> Waiting:
    """Return the ids of up to ``limit`` pending documents not in ``exclude``, oldest first.

    Looks at the oldest 10,000 only, and in one request: it is asked every second, and the fewer
    requests a look takes, the better it gets through to a server that fails now and then. Where the
    requests to read again cannot be read, none is open for now: new articles do not wait for them.
    Raises :class:`ServiceUnavailable` and :class:`UsageError`.
    """
    pending = {
        "query": PENDING,
        "sort": [{"received_at": "asc"}],
        "_source": False,
        "size": min(limit + len(exclude), _DEEPEST),
        "track_total_hits": False,
    }
    whole = {"allow_partial_search_results": False}
    with translate_errors():
        client.indices.refresh(index=index)
        (first,) = client.msearch(index=index, searches=[whole, pending])["responses"]
    return Waiting(_those(_hits(first, index), limit, exclude), _requests(client, index))


def due(
    client: Elasticsearch,
    index: str,
    request: Request,
    limit: int,
    exclude: Collection[str] = (),
) -> Due:
    """Return the ids of up to ``limit`` documents that are due by a request as of the last refresh.

    In no order: there may be millions. Raises :class:`ServiceUnavailable` and :class:`UsageError`,
    for a query of another program's that is none, too.
    """
    with asks_well():
        answer = client.search(
            index=index,
            query=due_by(request),
            source=False,
            size=min(limit + len(exclude), _DEEPEST),
            track_total_hits=False,
            allow_partial_search_results=False,
        )
    hits = answer["hits"]["hits"]
    return Due(_those(hits, limit, exclude), not hits)


def _those(hits: Sequence[Mapping[str, Any]], limit: int, exclude: Collection[str]) -> list[str]:
    return [hit["_id"] for hit in hits if hit["_id"] not in exclude][:limit]


def _requests(client: Elasticsearch, index: str) -> Requests:
    """Of another program's document, or where it may not be read, none: ``status`` says so."""
    asked = {"query": {"ids": {"values": [reenrich.ID]}}, "_source": ["text"]}
    shared = {"index": shared_rules.name(index), "ignore_unavailable": True}
    try:
        with translate_errors(), limited(texts=False):
            (answer,) = client.msearch(index=index, searches=[shared, asked])["responses"]
        (hit,) = answer["hits"]["hits"]
        return reenrich.parsed(hit["_source"]["text"])
    except (KeyError, ValueError, TypeError, UsageError, TooLarge):
        return Requests()


def _hits(answer: Mapping[str, Any], index: str) -> Sequence[Mapping[str, Any]]:
    """Of one of several searches, whose faults are in its answer."""
    if "error" not in answer:
        hits: Sequence[Mapping[str, Any]] = answer["hits"]["hits"]
        return hits
    error = answer["error"]
    reason, kind = describe(error), str(error.get("type", ""))
    match judge(int(answer.get("status", 500)), kind):
        case "denied":
            raise denied(reason, index)
        case "no_index":
            raise no_index(index)
    raise not_ours(reason) or ServiceUnavailable(f"Elasticsearch takes no work now: {reason}")


def still_due(
    client: Elasticsearch, index: str, ids: Sequence[str], requests: Requests
) -> list[str]:
    """Return those of the ids that are pending or due by a request now, refreshed or not.

    Raises :class:`ServiceUnavailable` and :class:`UsageError`.
    """
    documents = readable(client, index, ids, ["enrichment.state"])
    states = {document["_id"]: _state(document) for document in documents}
    enriched = [id_ for id_ in ids if states.get(id_) == "enriched"]
    again = _of_these(client, index, enriched, requests) if requests.open and enriched else set()
    return [id_ for id_ in ids if states.get(id_) == "pending" or id_ in again]


def _of_these(
    client: Elasticsearch, index: str, ids: Sequence[str], requests: Requests
) -> set[str]:
    these = {"bool": {"filter": [{"ids": {"values": list(ids)}}, due_by(*requests.open)]}}
    with asks_well():
        client.indices.refresh(index=index)
        answer = client.search(
            index=index,
            query=these,
            source=False,
            size=len(ids),
            allow_partial_search_results=False,
        )
    return {hit["_id"] for hit in answer["hits"]["hits"]}


def _state(document: Mapping[str, Any]) -> str:
    state: str = source_of(document).get("enrichment", {}).get("state", "")
    return state
