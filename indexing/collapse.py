"""One hit a story: the copies of an article stand behind the best of them.

Elasticsearch takes all documents without a value for one group, and articles that wait for
enrichment have no story yet. So a search becomes two, one over stories and one over articles
without, sent in one request and put together here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

#: The inner hits that count a story's copies.
COPIES = "copies"
_HAS_STORY = {"exists": {"field": "story"}}
#: Above so many stories their number is an estimate.
_PRECISE = 40_000


def divided(body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the two searches that ``body`` becomes, for ``client.msearch(searches=…)``.

    ``body`` has Elasticsearch's own names (``from``, ``_source``) and sorts by falling numbers
    or dates only. Facets go with neither: ask for them in a search of their own with ``size: 0``.
    """
    start, size = body.get("from", 0), body.get("size", 10)
    page = {**body, "from": 0, "size": start + size, "track_total_hits": True}
    page.pop("aggs", None)
    own = {"name": COPIES, "size": 0}
    stories = {
        **page,
        "query": {"bool": {"must": [body["query"]], "filter": [_HAS_STORY]}},
        "collapse": {"field": "story", "inner_hits": own},
        "aggs": {"stories": {"cardinality": {"field": "story", "precision_threshold": _PRECISE}}},
    }
    single = {
        **page,
        "query": {"bool": {"must": [body["query"]], "must_not": [_HAS_STORY]}},
    }
    return [{}, stories, {}, single]


def merged(
    answers: Sequence[Mapping[str, Any]], start: int, size: int
) -> tuple[list[dict[str, Any]], int]:
    """Return the page's hits, best first, and the number of stories and single articles.

    ``answers`` are those to :func:`divided`. :func:`copies` tells how many a hit stands for.
    """
    stories, single = answers
    hits = [*stories["hits"]["hits"], *single["hits"]["hits"]]
    hits.sort(key=lambda hit: [-value for value in hit["sort"]])
    total = stories["aggregations"]["stories"]["value"] + single["hits"]["total"]["value"]
    return [dict(hit) for hit in hits[start : start + size]], total


def copies(hit: Mapping[str, Any]) -> int:
    """Return how many articles found stand behind this hit, itself not counted."""
    inner = hit.get("inner_hits", {}).get(COPIES)
    return inner["hits"]["total"]["value"] - 1 if inner else 0
