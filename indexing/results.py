"""What a search gives back, typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: What a hit needs of the document; the texts stay where they are.
HIT_FIELDS = (
    "headline",
    "kicker",
    "published",
    "people",
    "organisations",
    "places",
    "enrichment.state",
)

# A text without sentence marks is one sentence: what is shown of it is cut.
_LONGEST = 600


@dataclass(frozen=True, slots=True)
class Hit:
    """One article found.

    ``published`` is cut to its precision (``2024-06``), ``""`` if unknown; ``highlights`` are
    sentences of lead and body, or the headline, with the matches between the caller's tags;
    ``score`` is 0 for a search without text.
    """

    id: str
    score: float
    headline: str
    kicker: str
    published: str
    highlights: list[str]
    people: list[str]
    organisations: list[str]
    places: list[str]
    state: str


@dataclass(frozen=True, slots=True)
class Bucket:
    """A facet's value and the number of articles found that have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Results:
    """``total`` counts all articles found, ``hits`` is the page asked for.

    ``facets`` has ``people organisations places agency month``, each most frequent first but
    ``month``, which goes from old to new.
    """

    total: int
    took_ms: int
    hits: list[Hit]
    facets: dict[str, list[Bucket]]


def to_results(answer: Mapping[str, Any], before: str) -> Results:
    """Read Elasticsearch's ``answer``; ``before`` is the tag that opens a match."""
    return Results(
        total=answer["hits"]["total"]["value"],
        took_ms=answer["took"],
        hits=[_hit(hit, before) for hit in answer["hits"]["hits"]],
        facets={name: _buckets(name, facet) for name, facet in answer["aggregations"].items()},
    )


def _hit(hit: Mapping[str, Any], before: str) -> Hit:
    source = hit["_source"]
    return Hit(
        id=hit["_id"],
        score=hit["_score"] or 0.0,
        headline=source.get("headline", ""),
        kicker=source.get("kicker", ""),
        published=source.get("published", ""),
        highlights=_highlights(hit.get("highlight", {}), before),
        people=source.get("people", []),
        organisations=source.get("organisations", []),
        places=source.get("places", []),
        state=source.get("enrichment", {}).get("state", ""),
    )


def _highlights(found: Mapping[str, list[str]], before: str) -> list[str]:
    sentences = [*found.get("lead", []), *found.get("body", [])]
    fragments = sentences or [*found.get("headline", []), *found.get("kicker", [])]
    return [_cut(" ".join(fragment.split()), before) for fragment in fragments]


def _cut(sentence: str, before: str) -> str:
    if len(sentence) <= _LONGEST:
        return sentence
    start = max(sentence.find(before) - _LONGEST // 4, 0)
    words = sentence[start : start + _LONGEST].split(" ")
    # Broken words at the ends go; the first word of the sentence is whole.
    kept = " ".join(words[1 if start else 0 : -1]) or " ".join(words)
    return f"{'… ' if start else ''}{kept} …"


def _buckets(name: str, facet: Mapping[str, Any]) -> list[Bucket]:
    return [
        Bucket(str(one.get("key_as_string", one["key"])), one["doc_count"])
        for one in facet.get(name, facet)["buckets"]
    ]
