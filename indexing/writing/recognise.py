"""Documents of articles without an id and a URL of their own, by the paths of their files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch

from indexing.index.faults import translate_errors
from indexing.index.mapping import KEYWORD_CHARS
from indexing.index.point_in_time import ask
from indexing.index.source import source_of
from indexing.writing.by_hand import as_source
from indexing.writing.of_paths import of_paths, with_whole

#: As many hits as one search may return.
_DEEPEST = 10_000
#: Characters of a signature that the index can hold.
_LONGEST_MINHASH = 32_766
_WANTED = [
    "source.path",
    "source.sha256",
    "headline",
    "published",
    "minhash",
    "received_at",
    "by_hand",
]


@dataclass(frozen=True, slots=True)
class Known:
    """A document: its id, its file's path and digest, and what its article is recognised by."""

    id: str
    path: str
    headline: str
    published: str
    minhash: str
    received_at: str
    sha256: str = ""


def recognisable(
    client: Elasticsearch,
    index: str,
    paths: Sequence[str],
    headlines: Sequence[str],
    bands: Sequence[str],
    first: Sequence[str] = (),
    beyond: Callable[[int], object] = lambda _: None,
    without: Sequence[str] = (),
) -> Iterator[Known]:
    """Yield the documents of these paths with one of these headlines or keys of signatures.

    Those with ids ``first`` come first, of the others some, and ``beyond`` is told how many there
    are besides (:func:`of_paths`); of which is told what was set by hand, not what was there
    before. Raises as that.
    """
    alike = [{"terms": {"headline.raw": list(headlines)}}, {"terms": {"signature": list(bands)}}]
    limit = {"bool": {"should": alike, "minimum_should_match": 1}}
    hits = list(of_paths(client, index, paths, limit, first, beyond, without))
    set_by_hand = {hit["_id"] for hit in hits if hit["_source"].get("corrected_by_hand")}
    ids = set_by_hand.intersection(first)
    yield from with_whole(client, index, hits, ids, _WANTED, known_of)


def known_as(client: Elasticsearch, index: str, keys: Sequence[str]) -> dict[str, str]:
    """Return the ids of documents of which a text had one of these keys, by key.

    As of the last refresh: it is asked for every batch. Raises as :func:`recognisable`.
    """
    found: dict[str, str] = {}
    left = list(keys)
    while left:
        hits, is_full = _claims(client, index, left)
        new = {left[int(number)]: id_ for id_, numbers in hits for number in numbers}
        found |= new
        # Any number may claim one key: they keep no other from being found.
        left = [key for key in left if key not in new] if is_full and new else []
    return {key: found[key] for key in keys if key in found}


def _claims(
    client: Elasticsearch, index: str, keys: Sequence[str]
) -> tuple[list[tuple[str, list[str]]], bool]:
    """Documents that claim one of these keys, with the places of those, and whether there may be
    others. Not with what else they claim: that may be more than Elasticsearch can send.
    """
    most = min(len(keys), _DEEPEST)
    each = [{"term": {"known_as": {"value": key, "_name": str(n)}}} for n, key in enumerate(keys)]
    answer = ask(
        client,
        index=index,
        query={"bool": {"filter": {"bool": {"should": each}}}},
        source=False,
        size=most,
        track_total_hits=False,
        allow_partial_search_results=False,
    )
    hits = answer["hits"]["hits"]
    return [(hit["_id"], hit["matched_queries"]) for hit in hits], len(hits) == most


def holders(client: Elasticsearch, index: str, keys: Sequence[str]) -> list[str]:
    """Return the ids of all documents of which a text had one of these keys.

    As of the last refresh. Raises as :func:`recognisable`.
    """
    return [
        id_
        for start in range(0, len(keys), _DEEPEST)
        for id_ in _holders(client, index, keys[start : start + _DEEPEST])
    ]


def _holders(client: Elasticsearch, index: str, keys: Sequence[str]) -> list[str]:
    with translate_errors():
        answer = client.search(
            index=index,
            query={"terms": {"known_as": list(keys)}},
            source=False,
            size=_DEEPEST,
            track_total_hits=False,
            allow_partial_search_results=False,
        )
    return [hit["_id"] for hit in answer["hits"]["hits"]]


def known_of(hit: Mapping[str, Any]) -> Known:
    """What a document is recognised by, as its source says: of no text more than the index tells."""
    content = as_source(source_of(hit))
    source = content.get("source") or {}
    return Known(
        id=hit["_id"],
        path=short(source.get("path")),
        headline=short(content.get("headline")),
        published=short(content.get("published")),
        minhash=short(content.get("minhash"), _LONGEST_MINHASH),
        received_at=short(content.get("received_at")),
        sha256=short(source.get("sha256")),
    )


def short(text: str | None, longest: int = KEYWORD_CHARS) -> str:
    """Return a text as the index tells of it: of what is longer nothing."""
    return text if text and len(text) <= longest else ""
