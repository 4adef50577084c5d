"""Documents of articles without an id and a URL of their own, by the paths of their files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch

from indexing.index.point_in_time import pages
from indexing.index.source import source_of

_WANTED = ["source.path", "headline", "published", "minhash", "received_at"]


@dataclass(frozen=True, slots=True)
class Known:
    """A document: its id, the path of its file, and what its article is recognised by."""

    id: str
    path: str
    headline: str
    published: str
    minhash: str
    received_at: str


def recognisable(
    client: Elasticsearch,
    index: str,
    paths: Sequence[str],
    headlines: Sequence[str],
    bands: Sequence[str],
) -> Iterator[Known]:
    """Yield the documents of these paths with one of these headlines or keys of signatures.

    All that was written before the call is seen: it refreshes. Raises ``ServiceUnavailable`` and
    ``UsageError``.
    """
    alike = [{"terms": {"headline.raw": list(headlines)}}, {"terms": {"signature": list(bands)}}]
    query = {
        "bool": {
            "filter": [{"terms": {"source.path": list(paths)}}],
            "should": alike,
            "minimum_should_match": 1,
        }
    }
    for hits in pages(client, index, query, source=_WANTED):
        yield from map(_known, hits)


def _known(hit: Mapping[str, Any]) -> Known:
    content = source_of(hit)
    return Known(
        id=hit["_id"],
        path=content.get("source", {}).get("path", ""),
        headline=content.get("headline") or "",
        published=content.get("published") or "",
        minhash=content.get("minhash") or "",
        received_at=content.get("received_at") or "",
    )
