"""How many articles there are over time: of all, of a query, or of those that hold a name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch

from articles.errors import UsageError
from indexing.entities.entity import FIELDS, SPAN, interval_of, known
from indexing.index.dates import INTERVALS, by_calendar
from indexing.index.faults import translate_errors
from indexing.searching.results import Bucket


@dataclass(frozen=True, slots=True)
class Timeline:
    """``over_time`` counts articles by ``interval``, from old to new, where there are any.

    As in Kibana a date known to the month or the year alone stands on its first day: ``vague``
    articles do. ``undated`` ones stand nowhere. ``articles`` are all; ``name`` and ``kind`` are
    empty where no name was asked for, ``asked`` is that of the question where it is another one.
    """

    name: str
    kind: str
    articles: int
    undated: int
    vague: int
    interval: str
    over_time: list[Bucket]
    asked: str = ""


def timeline(
    client: Elasticsearch,
    index: str,
    within: dict[str, Any],
    name: str = "",
    kind: str | None = None,
    interval: str | None = None,
) -> Timeline | None:
    """Return the articles that hold ``name``, over time; None of a name that no article has.

    Only those count that are found by ``within``, a query of Elasticsearch. ``name`` is canonical,
    in any case, "" of all articles; ``kind`` as of an entity. ``interval`` is ``day``, ``month`` or
    ``year``; without it, years where the time is long. Raises :class:`UsageError` and
    ``ServiceUnavailable``.
    """
    if interval is not None and interval not in INTERVALS:
        raise UsageError(f"Articles are counted by {', '.join(INTERVALS)}, not by {interval!r}.")
    meant = known(client, index, name, kind) if name else ("", "")
    if meant is None:
        return None
    kind, name = meant
    named = [{"term": {FIELDS[kind]: name}}] if name else []
    query = {"bool": {"filter": [within, *named]}}
    found = _counted(client, index, query, SPAN | _DATES)
    chosen = interval or interval_of(found)
    counted = {"dated": {"date_histogram": by_calendar(chosen, min_doc_count=1)}}
    buckets = _counted(client, index, query, counted)["dated"]["buckets"]
    return Timeline(
        name=name,
        kind=kind,
        articles=found["all"],
        undated=found["undated"]["doc_count"],
        vague=found["vague"]["doc_count"],
        interval=chosen,
        over_time=[Bucket(bucket["key_as_string"], bucket["doc_count"]) for bucket in buckets],
    )


_DATES = {
    "undated": {"missing": {"field": "published_day"}},
    "vague": {"filter": {"terms": {"published_precision": ["year", "month"]}}},
}


def _counted(
    client: Elasticsearch, index: str, query: dict[str, Any], aggs: dict[str, Any]
) -> dict[str, Any]:
    with translate_errors():
        answer = client.search(index=index, size=0, query=query, aggs=aggs, track_total_hits=True)
    return {**answer["aggregations"], "all": answer["hits"]["total"]["value"]}
