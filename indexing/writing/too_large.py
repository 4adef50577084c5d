"""Documents that wait for good: nobody updates them, for Elasticsearch might end of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from elasticsearch import Elasticsearch

from indexing.writing.due import PENDING
from indexing.writing.reenrich import asks_well, due_by, known
from indexing.writing.stored import in_parts

#: How many are looked at, of each kind: to read one may bring fifty megabytes. Others of theirs are
#: enriched before long, so that these become the oldest.
LOOKED_AT = 10


def stuck(client: Elasticsearch, index: str) -> list[str]:
    """Return the ids of those among the oldest documents that are pending or to be read again.

    Each is read as it is before an update (``bulk.py``), alone. Raises :class:`ServiceUnavailable`
    and :class:`UsageError`.
    """
    found = list(_of(client, index, PENDING))
    if requests := known(client, index).open:
        found += _of(client, index, due_by(*requests))
    return found


def _of(client: Elasticsearch, index: str, query: Mapping[str, Any]) -> Iterator[str]:
    with asks_well():
        answer = client.search(
            index=index,
            query=query,
            sort=[{"received_at": "asc"}],
            source=False,
            size=LOOKED_AT,
            track_total_hits=False,
        )
    for hit in answer["hits"]["hits"]:
        for part in in_parts(client, index, [hit["_id"]], None):
            if part.error:
                yield hit["_id"]
