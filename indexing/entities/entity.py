"""What the archive knows of one person, organisation or place.

>>> from indexing.index.connect import connect
>>> from indexing.entities.entity import entity
>>> client = connect("http://localhost:9200")
>>> found = entity(client, "articles", "Wladimir Putin")  # doctest: +SKIP
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from elasticsearch import Elasticsearch

from articles.errors import UsageError
from articles.fields import PAGES
from indexing.entities.entity_quotes import Saying, about, by
from indexing.entities.entity_roles import ObservedRole, roles_and_surfaces
from indexing.index.dates import by_calendar
from indexing.index.faults import translate_errors
from indexing.index.lucene import LONGEST, in_any_case
from indexing.index.mapping import KEYWORD_CHARS
from indexing.searching.query import exactly
from indexing.searching.results import Bucket
from indexing.searching.suggest import suggest

#: What a kind of entity is called, and the field that holds its canonical names.
FIELDS: dict[str, str] = {kind: field.name for kind, field in PAGES.items()}

_RELATED = 10
#: From so many articles on, one in common is chance.
_FEW = 5
#: A longer time is counted by years.
_MOST_MONTHS = 60


@dataclass(frozen=True, slots=True)
class Related:
    """A name that occurs with the entity unusually often.

    ``together`` articles hold both, ``articles`` of the whole archive hold ``name``.
    """

    name: str
    together: int
    articles: int


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity.

    ``first`` and ``last`` are the days of the oldest and newest dated article, "" if none is;
    ``over_time`` counts articles by ``interval`` (``month`` or ``year``), from old to new, without
    gaps, and without articles less precisely dated. ``roles`` and ``variants`` are read in the
    newest articles. ``alike`` are other names of the same kind that begin like this one.
    ``asked`` is the name that was asked for where it is another one.
    """

    name: str
    kind: str
    articles: int
    first: str
    last: str
    interval: str
    over_time: list[Bucket]
    roles: list[ObservedRole]
    variants: list[Bucket]
    people: list[Related]
    organisations: list[Related]
    places: list[Related]
    said: list[Saying]
    about: list[Saying]
    alike: list[Bucket]
    asked: str = ""


def entity(
    client: Elasticsearch, index: str, name: str, kind: str | None = None, quotes: int = 5
) -> Entity | None:
    """Return what is known of ``name``, a canonical name in any case; ``None`` if there is none.

    ``kind`` is ``person``, ``organisation`` or ``place``; without it, the kind in which most
    articles hold the name. At most ``quotes`` are given by it and as many about it, newest first.
    Raises :class:`UsageError` for another kind, and ``ServiceUnavailable``.
    """
    frequent = known(client, index, name, kind)
    if frequent is None:
        return None
    kind, name = frequent
    field = FIELDS[kind]
    roles, variants = roles_and_surfaces(client, index, field, name)
    names = [name, *(bucket.value for bucket in variants)]
    return Entity(
        name=name,
        kind=kind,
        **_counted(client, index, field, name),
        roles=roles,
        variants=variants,
        said=by(client, index, name, quotes),
        about=about(client, index, field, names, quotes),
        alike=_alike(client, index, name, kind),
    )


def known(client: Elasticsearch, index: str, name: str, kind: str | None) -> tuple[str, str] | None:
    """Return the kind in which a name is most frequent, and the name as it is written there.

    Raises as :func:`entity`.
    """
    if kind is not None and kind not in FIELDS:
        raise UsageError(f"There are no entities of kind {kind!r}: there are {', '.join(FIELDS)}.")
    if len(name) > KEYWORD_CHARS:  # Elasticsearch would refuse to look for it
        return None
    kinds = [kind] if kind else list(FIELDS)
    aggs = {
        kind: {
            "filter": exactly(FIELDS[kind], name),
            "aggs": {"names": {"terms": {"field": FIELDS[kind], **_only(name)}}},
        }
        for kind in kinds
    }
    with translate_errors():
        answer = client.search(index=index, size=0, aggs=aggs)["aggregations"]
    ranked = [
        (bucket["doc_count"], kind, bucket["key"])
        for kind in kinds
        for bucket in answer[kind]["names"]["buckets"]
        if bucket["key"].casefold() == name.casefold()
    ]
    best = max(ranked, key=lambda entry: entry[0], default=None)
    return best and (best[1], best[2])


def _only(name: str) -> dict[str, Any]:
    """Have that name counted alone: an article may hold more than an answer has room for."""
    pattern = in_any_case(name)
    return {"size": 100} | ({"include": pattern} if len(pattern) <= LONGEST else {})


def _alike(client: Elasticsearch, index: str, name: str, kind: str) -> list[Bucket]:
    last = name.rsplit(maxsplit=1)[-1] if kind == "person" else name
    suggested = suggest(client, index, last, kind, most=6)
    return [Bucket(other, count) for other, count in suggested if other != name][:5]


def _counted(client: Elasticsearch, index: str, field: str, name: str) -> dict[str, Any]:
    query = {"term": {field: name}}
    with translate_errors():
        answer = client.search(index=index, size=0, query=query, aggs=SPAN, track_total_hits=True)
        total, ends = answer["hits"]["total"]["value"], answer["aggregations"]
        interval = interval_of(ends)
        aggs = {"dated": over_time(interval), **_related(field, name, total)}
        answer = client.search(index=index, size=0, query=query, aggs=aggs)["aggregations"]
    return {
        "articles": total,
        "first": _day(ends["first"]),
        "last": _day(ends["last"]),
        "interval": interval,
        "over_time": [
            Bucket(bucket["key_as_string"], bucket["doc_count"])
            for bucket in answer["dated"]["dated"]["buckets"]
        ],
        **{other: _relations(answer[other]) for other in FIELDS.values()},
    }


SPAN = {
    "first": {"min": {"field": "published_day", "format": "yyyy-MM-dd"}},
    "last": {"max": {"field": "published_day", "format": "yyyy-MM-dd"}},
}


def over_time(interval: str) -> dict[str, Any]:
    """Return the aggregation ``dated`` in a filter: articles by ``month`` or ``year``.

    An article known only by its year belongs to no month.
    """
    vague = [{"term": {"published_precision": "year"}}] if interval == "month" else []
    return {
        "filter": {"bool": {"must_not": vague}},
        "aggs": {"dated": {"date_histogram": by_calendar(interval, min_doc_count=0)}},
    }


def interval_of(ends: Mapping[str, Any]) -> str:
    """Return ``month``, or ``year`` where much time lies between the ends of ``SPAN``."""
    return "month" if _months(ends) <= _MOST_MONTHS else "year"


def _months(ends: Mapping[str, Any]) -> float:
    first, last = ends["first"]["value"], ends["last"]["value"]
    return 0.0 if first is None else (last - first) / (30.4 * 24 * 3600 * 1000)


def _day(end: Mapping[str, Any]) -> str:
    return str(end["value_as_string"]) if end["value"] is not None else ""


def _related(field: str, name: str, total: int) -> dict[str, Any]:
    common: dict[str, Any] = {
        # Some of them are left out below.
        "size": 2 * _RELATED,
        "min_doc_count": 2 if total >= _FEW else 1,
        "background_filter": _NAMED,
    }
    asked = {other: {**common, "field": other} for other in FIELDS.values()}
    asked[field]["exclude"] = [name]
    return {other: {"significant_terms": how} for other, how in asked.items()}


#: Only what has been enriched has names: the rest says nothing of what is usual. What is being read
#: again, or failed then, has those that it had; without it a name would be in "6 of 1" articles.
_NAMED = {
    "bool": {
        "should": [
            {"term": {"enrichment.state": "enriched"}},
            *({"exists": {"field": field}} for field in FIELDS.values()),
        ],
        "minimum_should_match": 1,
    }
}
#: ``New York Islanders 3:2Ottawa Senators``: a line of results that was taken for a name.
_RESULT = re.compile(r"\d\s*:\s*\d")


def _relations(answer: Mapping[str, Any]) -> list[Related]:
    """Return the names that are kept company with, but for lines of results."""
    related = [Related(b["key"], b["doc_count"], b["bg_count"]) for b in answer["buckets"]]
    return [name for name in related if not _RESULT.search(name.name)][:_RELATED]
