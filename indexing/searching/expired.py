"""Articles that are older than somebody may keep them: by agency, and by what a query finds."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from elasticsearch import Elasticsearch

from articles.errors import UsageError
from indexing.index.faults import translate_errors
from indexing.index.point_in_time import pages
from indexing.index.source import source_of
from indexing.searching.export import find
from indexing.searching.query import Query, exactly
from indexing.writing.versions import several

#: Agencies that are named to somebody who has named another.
_MOST = 5

_OF_TEXTS = ("changed", "history.changed", "history.received_at")

Clock = Literal["published", "received"]


@dataclass(frozen=True, slots=True)
class Expiry:
    """What is to go: of a day before ``before`` (ISO 8601) by the local calendar.

    ``by`` its publication, where that is known to have ended by then (``2024`` has at its end), and
    where none is known, by its receipt; or ``by`` its receipt. Of one of ``agencies``, if any are
    named, and what ``query`` finds, if there is one. ``licence``: nobody asks for it each time.
    """

    before: str
    by: Clock = "published"
    agencies: tuple[str, ...] = ()
    query: str = ""
    licence: bool = False


@dataclass(frozen=True, slots=True)
class Expired:
    """One of them: its id, its file's path and site, and the day that it is of, if known.

    ``others``: it has a text that is of another agency than the one before it, or that has come
    since ``before``. Anybody may send one under an id or a URL, of any day and agency.
    """

    id: str
    path: str
    day: str
    site: str = ""
    others: bool = False


def expired(
    client: Elasticsearch, index: str, expiry: Expiry, zone: str
) -> Generator[list[Expired], None, None]:
    """Yield what is older, in pages, from one point in time just after a refresh.

    ``zone``: where a day of receipt begins. Raises ``ServiceUnavailable`` and :class:`UsageError`,
    also for a query that finds nothing as it stands: what it might have meant is not taken.
    """
    filters = [_older(expiry, zone), *_of_agencies(expiry.agencies)]
    if expiry.query:
        found = find(client, index, Query(text=expiry.query))
        if found.loosened:
            raise UsageError(f"No article has all that {expiry.query!r} asks for.")
        filters.append(found.query)
    wanted = ["source.path", "source.site", "published", "received_at", *_OF_TEXTS]
    for hits in pages(client, index, {"bool": {"filter": filters}}, source=wanted):
        # Whose it is, what is too large to be read does not tell.
        told = [(hit["_id"], source_of(hit)) for hit in hits if "_source" in hit]
        yield [_expired(id_, source, expiry) for id_, source in told]


def agencies_like(client: Elasticsearch, index: str, name: str) -> list[str] | None:
    """Return the agencies that most articles are of where none is of ``name``; None where one is.

    Raises ``ServiceUnavailable`` and :class:`UsageError`.
    """
    aggs = {
        "named": {"filter": exactly("agency", name)},
        "most": {"terms": {"field": "agency", "size": _MOST}},
    }
    with translate_errors():
        found = client.search(index=index, size=0, aggs=aggs)["aggregations"]
    if found["named"]["doc_count"]:
        return None
    return [bucket["key"] for bucket in found["most"]["buckets"]]


def _older(expiry: Expiry, zone: str) -> dict[str, Any]:
    received = {"range": {"received_at": {"lt": expiry.before, "time_zone": zone}}}
    if expiry.by == "received":
        return received
    ended = {"range": {"published_range": {"lt": expiry.before, "relation": "within"}}}
    undated = {"must_not": [{"exists": {"field": "published_day"}}], "filter": [received]}
    return {"bool": {"should": [ended, {"bool": undated}], "minimum_should_match": 1}}


def _of_agencies(agencies: Sequence[str]) -> list[dict[str, Any]]:
    if not agencies:
        return []
    named = [exactly("agency", agency) for agency in agencies]
    return [{"bool": {"should": named, "minimum_should_match": 1}}]


def _expired(id_: str, source: dict[str, Any], expiry: Expiry) -> Expired:
    day = source.get("published") if expiry.by == "published" else None
    where = source.get("source", {})
    day = str(day or source.get("received_at", ""))[:10]
    others = _has_others(source, expiry.before)
    return Expired(id_, where.get("path", ""), day, where.get("site", ""), others)


def _has_others(source: dict[str, Any], before: str) -> bool:
    lines = [line for line in several(source.get("history")) if isinstance(line, dict)]
    changed = several(source.get("changed"))
    changed += [name for line in lines for name in str(line.get("changed", "")).split(", ")]
    came = (str(line.get("received_at", ""))[:10] for line in lines)
    return bool(lines) and ("agency" in changed or any(day >= before for day in came))
