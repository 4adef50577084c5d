"""What was removed from an index after it had been copied: it goes from the copy, too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError

from indexing.index.faults import translate_errors
from indexing.index.point_in_time import point_in_time

_PAGE = 5000


def follow_removals(client: Elasticsearch, old: str, new: str) -> int:
    """Remove from ``new`` what ``old`` does not hold; how many that were.

    Nothing may write to either meanwhile. It looks at every id: for seldom use. Raises
    ``ServiceUnavailable`` and ``UsageError``.
    """
    gone = 0
    for ids in _ids(client, new):
        for id_ in _missing(client, old, ids):
            with suppress(NotFoundError), translate_errors():
                client.delete(index=new, id=id_)
            gone += 1
    return gone


def _ids(client: Elasticsearch, index: str) -> Iterator[list[str]]:
    """All ids that could be searched for at the start, in pages."""
    with point_in_time(client, index) as pit:
        body: dict[str, Any] = {"pit": pit, "sort": [{"_shard_doc": "asc"}], "size": _PAGE}
        while hits := _page(client, body):
            yield [hit["_id"] for hit in hits]
            body["search_after"] = hits[-1]["sort"]


def _page(client: Elasticsearch, body: dict[str, Any]) -> list[dict[str, Any]]:
    with translate_errors():
        answer = client.search(
            **body,
            query={"match_all": {}},
            source=False,
            track_total_hits=False,
            allow_partial_search_results=False,
        )
    return list(answer["hits"]["hits"])


def _missing(client: Elasticsearch, index: str, ids: Sequence[str]) -> list[str]:
    with translate_errors():
        answer = client.mget(index=index, ids=list(ids), source=False)
    # One that could not be read must not look like one that is gone.
    return [entry["_id"] for entry in answer["docs"] if entry.get("found") is False]
