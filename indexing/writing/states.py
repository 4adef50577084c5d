"""Reading the durable state of enrichment: what is pending, what failed, and counts."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from elasticsearch import Elasticsearch

from articles.article import Copy, Version
from articles.errors import ServiceUnavailable, UsageError
from indexing.index.faults import translate_errors
from indexing.index.point_in_time import every_hit, pages
from indexing.index.source import read, source_of
from indexing.writing import reenrich
from indexing.writing.copies import copies_of
from indexing.writing.due import PENDING
from indexing.writing.reenrich import Requests, due_by
from indexing.writing.stored import MARKS, by_id
from indexing.writing.versions import earlier

_MINUTE = "now-60s"
#: Times outside are counted nowhere: of one document another client may have written 65,536.
_AROUND_NOW = {"min": "now-61s", "max": "now+5m"}


@dataclass(frozen=True, slots=True)
class Origin:
    """Which file a document was made from, when it was claimed, and how far the document is.

    Of one with fields that hold what they cannot, or too much, ``state`` says so. ``earlier`` are
    the other texts that the article has, ``known_as`` the keys of its content; ``site`` is where
    its file lies, ``copies`` what lies at others.
    """

    id: str
    path: str
    sha256: str
    received_at: str
    state: str
    pipeline: str
    earlier: tuple[Version, ...] = ()
    known_as: tuple[str, ...] = ()
    site: str = ""
    copies: tuple[Copy, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """A document whose enrichment was given up: why, when (ISO 8601), after how many attempts."""

    id: str
    path: str
    error: str
    at: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Documents by state; those indexed and enriched in the last 60 seconds; failures by error.

    Spans, in epoch seconds, say when those of the last 60 seconds were done, and since when the
    earliest of them could have been; ``pending_since`` is when the oldest pending one was indexed.
    ``again`` of the pending ones are to be read again, and were read before.
    """

    total: int
    pending: int
    enriched: int
    failed: int
    indexed_last_minute: int
    enriched_last_minute: int
    failures: dict[str, int]
    indexed_spans: tuple[tuple[float, float], ...] = field(default=(), compare=False)
    enriched_spans: tuple[tuple[float, float], ...] = field(default=(), compare=False)
    pending_since: float | None = field(default=None, compare=False)
    again: int = 0


def undated(client: Elasticsearch, index: str) -> dict[str, int]:
    """Return how many articles have no date, or one that nobody believes, by the reason.

    The reasons are those of ``extraction.formats.published``. Raises :class:`ServiceUnavailable`
    and :class:`UsageError`.
    """
    reasons = {"terms": {"field": "date_problem", "size": 20}}
    with translate_errors():
        answer = client.search(index=index, size=0, aggs={"reasons": reasons})
    buckets = answer["aggregations"]["reasons"]["buckets"]
    return {bucket["key"]: bucket["doc_count"] for bucket in buckets}


def behind(client: Elasticsearch, index: str) -> int:
    """Return how many documents were written by a release with an older mapping than the index's.

    They have no `shown_at`, as any has today. Where none at all has, it is the index that is older.
    Raises :class:`ServiceUnavailable` and :class:`UsageError`.
    """
    lacking = {"missing": {"field": "shown_at"}}
    with translate_errors():
        answer = client.search(
            index=index, size=0, track_total_hits=True, aggs={"lacking": lacking}
        )
    without, total = (
        answer["aggregations"]["lacking"]["doc_count"],
        answer["hits"]["total"]["value"],
    )
    return int(without) if without < total else 0


def origins(client: Elasticsearch, index: str) -> Generator[list[Origin], None, None]:
    """Yield every document's origin in pages, all from one point in time.

    Raises :class:`ServiceUnavailable` and :class:`UsageError`.
    """
    wanted = ["source", "headline", "published", "received_at", "history", "known_as"]
    wanted += ["copies", *MARKS]
    for hits in pages(client, index, {"match_all": {}}, source=wanted):
        yield [_origin(hit) for hit in hits]


def _origin(hit: Mapping[str, Any]) -> Origin:
    content, wrong = read(hit)
    source, mark = content.get("source", {}), content.get("enrichment", {})
    state = f"with wrong types in {', '.join(wrong)}" if wrong else mark.get("state") or ""
    return Origin(
        id=hit["_id"],
        path=source.get("path", ""),
        sha256=source.get("sha256", ""),
        received_at=content.get("received_at", ""),
        state=state if "_source" in hit else "too large to be read",
        pipeline=mark.get("pipeline") or "",
        earlier=tuple(earlier(content)),
        known_as=tuple(content.get("known_as") or ()),
        site=source.get("site", ""),
        copies=tuple(copies_of(content)),
    )


def existing(client: Elasticsearch, index: str, ids: Sequence[str]) -> set[str]:
    """Return those of the ids that have a document now.

    Raises :class:`ServiceUnavailable` and :class:`UsageError`.
    """
    return {entry["_id"] for entry in by_id(client, index, ids, [])}


def counts(client: Elasticsearch, index: str, *, fresh: bool = False) -> Counts:
    """Count the documents by state as of the last refresh, or of a ``fresh`` one.

    What is to be read again counts as pending, and not as enriched. Raises
    :class:`ServiceUnavailable` and :class:`UsageError`.
    """
    requests = reenrich.known(client, index)
    if fresh:
        with translate_errors():
            client.indices.refresh(index=index)
    try:
        answer = _counts(client, index, requests)
    except (ServiceUnavailable, UsageError):
        if not requests.open:
            raise
        answer = _counts(client, index, Requests())  # it is another program's, or too much
    aggs = answer["aggregations"]
    states = {bucket["key"]: bucket["doc_count"] for bucket in aggs["states"]["buckets"]}
    errors = aggs["failed"]["errors"]["buckets"]
    return Counts(
        total=answer["hits"]["total"]["value"],
        pending=aggs["pending"]["doc_count"],
        enriched=states.get("enriched", 0) - aggs["again"]["doc_count"],
        failed=states.get("failed", 0),
        indexed_last_minute=aggs["indexed"]["doc_count"],
        enriched_last_minute=aggs["enriched"]["doc_count"],
        failures={bucket["key"]: bucket["doc_count"] for bucket in errors},
        indexed_spans=_spans(aggs["indexed"]),
        enriched_spans=_spans(aggs["enriched"]),
        pending_since=_seconds(aggs["pending"]["since"]["value"]),
        again=aggs["again"]["doc_count"],
    )


def _counts(client: Elasticsearch, index: str, requests: Requests) -> Mapping[str, Any]:
    with reenrich.asks_well():
        answer = client.search(
            index=index,
            size=0,
            track_total_hits=True,
            aggs=_counted(requests),
            allow_partial_search_results=False,
        )
    body: Mapping[str, Any] = answer.body
    return body


def _counted(requests: Requests) -> dict[str, Any]:
    again = due_by(*requests.open)
    waits = {"bool": {"should": [PENDING, again], "minimum_should_match": 1}}
    since = {"since": {"min": {"field": "indexed_at"}}}
    return {**_COUNTS, "pending": {"filter": waits, "aggs": since}, "again": {"filter": again}}


def _spans(counted: Mapping[str, Any]) -> tuple[tuple[float, float], ...]:
    spans = []
    for bucket in counted["done"]["buckets"]:
        end, since = bucket["key"], bucket["since"]["value"]
        spans.append(((end if since is None else since) / 1000, end / 1000 + _STEP))
    return tuple(spans)


def _seconds(milliseconds: float | None) -> float | None:
    return None if milliseconds is None else milliseconds / 1000


#: Seconds: the times at which articles were done are told so exactly.
_STEP = 0.5


def _done(at: str, since: str) -> dict[str, Any]:
    """When they were done, and since when they could have been."""
    every = {"fixed_interval": f"{_STEP * 1000:.0f}ms", "hard_bounds": _AROUND_NOW}
    steps = {"field": at, **every, "min_doc_count": 1}
    return {"done": {"date_histogram": steps, "aggs": {"since": {"min": {"field": since}}}}}


_COUNTS: dict[str, Any] = {
    "states": {"terms": {"field": "enrichment.state"}},
    "indexed": {
        "filter": {"range": {"indexed_at": {"gte": _MINUTE}}},
        "aggs": _done("indexed_at", "received_at"),
    },
    "enriched": {
        "filter": {
            "bool": {
                "filter": [
                    {"term": {"enrichment.state": "enriched"}},
                    {"range": {"enrichment.at": {"gte": _MINUTE}}},
                ]
            }
        },
        "aggs": _done("enrichment.at", "indexed_at"),
    },
    "failed": {
        "filter": {"term": {"enrichment.state": "failed"}},
        "aggs": {"errors": {"terms": {"field": "enrichment.error", "size": 20}}},
    },
}


_FAILED = {"term": {"enrichment.state": "failed"}}


def failed(client: Elasticsearch, index: str, limit: int = 100) -> list[Failure]:
    """Return up to ``limit`` failed documents, latest first, as of the last refresh.

    Raises :class:`ServiceUnavailable` and :class:`UsageError`.
    """
    latest, wanted = [{"enrichment.at": "desc"}], ["source.path", "enrichment"]
    found = every_hit(client, index, limit, latest, query=_FAILED, source=wanted)
    return list(islice((_failure(hit) for hits in found for hit in hits), limit))


def all_failed(client: Elasticsearch, index: str) -> Generator[Failure, None, None]:
    """Yield every failed document, however many.

    Raises :class:`ServiceUnavailable` and :class:`UsageError`.
    """
    for hits in pages(client, index, _FAILED, source=["source.path", "enrichment"]):
        yield from (_failure(hit) for hit in hits)


def _failure(hit: Mapping[str, Any]) -> Failure:
    source = source_of(hit)
    mark = source.get("enrichment", {})
    return Failure(
        id=hit["_id"],
        path=source.get("source", {}).get("path", ""),
        error=mark.get("error") or "",
        at=mark.get("at") or "",
        attempts=mark.get("attempts", 0),
    )
