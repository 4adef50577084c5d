"""What the archive knows of people who share a surname."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch

from indexing.index.faults import translate_errors
from indexing.index.lucene import escaped
from indexing.index.released import RELEASED

_MOST = 50


@dataclass(frozen=True, slots=True)
class Bearer:
    """A full name, the articles that hold it, and of these the ones around a date."""

    name: str
    articles: int
    recent: int


def bearers(
    client: Elasticsearch, index: str, wanted: Sequence[tuple[str, str]]
) -> list[list[Bearer]]:
    """Return for each surname the full names that end in it, most frequent first.

    ``wanted`` are surnames, each with an ISO date (of any precision; or empty): recent are the
    articles within a year of it. Raises ``ServiceUnavailable`` and ``UsageError``.
    """
    if not wanted:
        return []
    searches: list[dict[str, Any]] = []
    for surname, around in wanted:
        searches += [{}, _search(surname, around)]
    with translate_errors():
        answers = client.msearch(index=index, searches=searches)["responses"]
    return [_bearers(answer) for answer in answers]


def _search(surname: str, around: str) -> dict[str, Any]:
    recent: dict[str, Any] = {"match_none": {}}
    if around:
        recent = {"range": {"published": {"gte": f"{around}||-1y", "lte": f"{around}||+1y"}}}
    people: dict[str, Any] = {
        "terms": {
            "field": "people",
            "size": _MOST,
            "include": f".+ {escaped(surname)}",
            # Over the names of the articles found, not over all names that there are.
            "execution_hint": "map",
        },
        "aggs": {"recent": {"filter": recent}},
    }
    # Whom an article under embargo names is told by no other one.
    called = {"match": {"people.name": {"query": surname, "operator": "and"}}}
    query = {"bool": {"must": [called], "filter": [RELEASED]}}
    return {"size": 0, "query": query, "aggs": {"people": people}}


def _bearers(answer: Mapping[str, Any]) -> list[Bearer]:
    buckets = answer.get("aggregations", {}).get("people", {}).get("buckets", ())
    return [Bearer(b["key"], b["doc_count"], b["recent"]["doc_count"]) for b in buckets]
