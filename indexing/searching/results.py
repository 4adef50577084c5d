"""What a search gives back, typed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from articles.article import TEXT_FIELDS
from articles.fields import with_a_hit
from indexing.index.source import source_of
from indexing.searching.collapse import story_of
from indexing.searching.facets import VALUES
from indexing.searching.highlights import Highlight
from indexing.searching.shown import Reason, Shown

#: What a hit needs of the document; lead and body for whole sentences around the matches.
HIT_FIELDS = (
    *TEXT_FIELDS,
    "published",
    *(field.name for field in with_a_hit()),
    *("agency", "url", "source.path", "language"),
    "enrichment.state",
)


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found.

    ``published`` is cut to its precision (``2024-06``), ``""`` if unknown; ``highlights`` are
    up to three whole sentences of lead and body, or the headline, each with the places of its
    matches; ``score`` is 0 for a search without text. ``copies`` counts the other articles
    of its ``story`` that were found, 0 where every copy is a hit of its own; ``story`` is ``""``
    until the article is enriched. ``path`` is the file's below the inbox, ``url`` is ``""`` if
    unknown. ``loosened``: it lacks some of the words. ``reasons`` tell for each word how the
    article has it.
    """

    id: str
    score: float
    headline: str
    kicker: str
    published: str
    highlights: list[Highlight]
    people: list[str]
    organisations: list[str]
    places: list[str]
    state: str
    story: str = ""
    copies: int = 0
    agency: list[str] = field(default_factory=list)
    url: str = ""
    path: str = ""
    loosened: bool = False
    reasons: list[Reason] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Bucket:
    """A facet's value and the number of articles found that have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Nearest:
    """A name that ``articles`` articles have; ``kind`` is the filter that asks for it."""

    kind: str
    name: str
    articles: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """A name that no article has, and those nearest to it, best first, if any are."""

    kind: str
    name: str
    nearest: list[Nearest]


@dataclass(frozen=True, slots=True)
class Results:
    """``total`` counts the hits on all pages, ``hits`` is the page asked for.

    A hit is a story, so copies count once, unless every copy was asked for; ``articles`` counts
    every copy. So do the ``facets``: the fields of that view in ``articles.fields``, each most
    frequent first, and ``month``, which goes from new to old; ``facet_values`` is how many values
    each has in all (beyond 3,000 about). ``loosened``: no article has all the words, these have
    most or some. ``further`` counts the stories that have most of the words, behind those with
    all: they fill the last page and are on those behind it, but in no count or facet; 0 where the
    page is full without them.
    ``respelled``: words that no article has -> those asked for instead.
    ``did_you_mean`` are the names in the query that no article has.
    ``hints`` are sentences for a person: what to try where nothing was found, and what was done.
    """

    total: int
    articles: int
    took_ms: int
    hits: list[Hit]
    facets: dict[str, list[Bucket]]
    facet_values: dict[str, int] = field(default_factory=dict)
    loosened: bool = False
    further: int = 0
    respelled: dict[str, str] = field(default_factory=dict)
    did_you_mean: list[Unknown] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)


def to_hits(
    ranked: Sequence[Mapping[str, Any]],
    documents: Mapping[str, Mapping[str, Any]],
    articles: Mapping[str, int],
    shown: Mapping[str, Shown],
) -> list[Hit]:
    """Return the hits of a page.

    ``ranked`` are hits with score and story, ``documents`` their ``_source`` by id, ``articles``
    the number of articles found of each story; ``shown`` is what is shown of each, by id.
    """
    hits = []
    for entry in ranked:
        if (document := documents.get(entry["_id"])) is not None:
            story = story_of(entry)
            copies = max(articles.get(story, 1) - 1, 0)
            hit = _hit(document, shown.get(entry["_id"], Shown([], [])))
            hits.append(replace(hit, score=entry["_score"] or 0.0, story=story, copies=copies))
    return hits


def _hit(hit: Mapping[str, Any], shown: Shown) -> Hit:
    source = source_of(hit)
    return Hit(
        id=hit["_id"],
        score=0.0,
        headline=source.get("headline", ""),
        kicker=source.get("kicker", ""),
        published=source.get("published", ""),
        highlights=shown.highlights,
        reasons=shown.reasons,
        **{field.name: source.get(field.name, []) for field in with_a_hit()},
        state=source.get("enrichment", {}).get("state", ""),
        agency=source.get("agency", []),
        url=source.get("url", ""),
        path=source.get("source", {}).get("path", ""),
    )


def to_facets(aggregations: Mapping[str, Any]) -> dict[str, list[Bucket]]:
    """Return the facets that Elasticsearch counted."""
    return {
        name: _buckets(name, facet)
        for name, facet in aggregations.items()
        if not name.endswith(VALUES)
    }


def facet_values(aggregations: Mapping[str, Any]) -> dict[str, int]:
    """Return how many values each facet has, those too that Elasticsearch was not asked for."""
    counted = {name: len(buckets) for name, buckets in to_facets(aggregations).items()}
    wholes = {
        name.removesuffix(VALUES): facet["value"]
        for name, facet in aggregations.items()
        if name.endswith(VALUES)
    }
    # Of many values the number is an estimate, and may be less than those that are there.
    return {name: max(count, wholes.get(name, 0)) for name, count in counted.items()}


def _buckets(name: str, facet: Mapping[str, Any]) -> list[Bucket]:
    return [
        Bucket(str(bucket.get("key_as_string", bucket["key"])), bucket["doc_count"])
        for bucket in facet.get(name, facet)["buckets"]
    ]
