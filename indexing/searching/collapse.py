"""One hit a story: the copies of an article stand behind the best of them.

Elasticsearch takes all documents without a value for one group, and articles that wait for
enrichment have no story yet. So there are two searches, one over stories and one over articles
without, put together here. Both must see the same: in between an article may get its story.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from elasticsearch import ApiError

from articles.errors import DepescheError
from indexing.index.one_value import first_of, first_values

_HAS_STORY = {"exists": {"field": "story"}}
#: Above so many stories their number is an estimate.
_PRECISE = 40_000
#: As Elasticsearch gives up a whole search for one document.
_GIVEN_UP = "must be single valued"
#: What is another number wherever one of the articles is written, goes, or comes.
_WRITTEN = {"_written": {"sum": {"field": "_seq_no"}}}
_IN_SEVERAL = {"script": {"script": {"source": "doc['story'].size() > 1"}}}

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """The hits of a page (``_id``, ``_score``, ``story``), and how much there is in all."""

    hits: list[Json]
    total: int
    articles: int
    facets: Mapping[str, Any]
    took_ms: int
    has_single: bool = False

    @property
    def has_copies(self) -> bool:
        """Tell whether some story may have several articles here; an estimate tells nothing."""
        return self.articles > self.total or self.total >= _PRECISE


def of_stories(body: Mapping[str, Any]) -> Json:
    """Return the search for the best article of each story.

    ``body`` has the parameters of ``client.search``, sorts by falling numbers or dates only and
    goes from the first hit on. Its aggregations count all articles.
    """
    stories = {"cardinality": {"field": "story", "precision_threshold": _PRECISE}}
    alone = {"missing": {"field": "story"}, "aggs": _WRITTEN}
    return {
        **body,
        "post_filter": _HAS_STORY,
        "collapse": {"field": "story"},
        "aggs": {**body["aggs"], "_stories": stories, "_alone": alone},
    }


def stories_found(ask: Callable[[Json], Json], body: Mapping[str, Any]) -> Json:
    """Return the answer to :func:`of_stories`; ``ask`` searches.

    An article is in one story. A document which another client has put into several ends each
    search that finds it, and is left out: asked again, for a script looks at all that is found.
    """
    try:
        answer = ask(of_stories(body))
    except DepescheError as error:
        if not isinstance(error.__cause__, ApiError) or _GIVEN_UP not in str(error.__cause__.body):
            raise
    else:
        if _GIVEN_UP not in str(answer.get("_shards")):
            return answer
    query = {"bool": {"must": [body["query"]], "must_not": [_IN_SEVERAL]}}
    return ask(of_stories({**body, "query": query}))


def of_single(body: Mapping[str, Any]) -> Json:
    """Return the search for articles without a story."""
    query = {"bool": {"must": [body["query"]], "must_not": [_HAS_STORY]}}
    return {**body, "query": query, "aggs": _WRITTEN}


def saw_the_same(stories: Mapping[str, Any], single: Mapping[str, Any]) -> bool:
    """Tell whether both searches had the same articles without a story before them."""
    alone = stories["aggregations"]["_alone"]
    written = single["aggregations"]["_written"]
    return bool(alone["doc_count"] == single["hits"]["total"]["value"]) and bool(
        alone["_written"] == written
    )


def has_single(stories: Mapping[str, Any]) -> bool:
    """Tell from the answer to :func:`of_stories` whether :func:`of_single` would find any."""
    return bool(stories["aggregations"]["_alone"]["doc_count"])


def merged(answers: Sequence[Mapping[str, Any]], keys: int, start: int, size: int) -> Page:
    """Return the page, best first.

    ``answers`` are that to :func:`of_stories` and, if there are any, that to :func:`of_single`;
    ``keys`` the number of sort keys asked for. Within each answer the order stays, so that pages
    neither repeat nor miss.
    """
    facets = dict(answers[0]["aggregations"])
    stories, single = facets.pop("_stories")["value"], facets.pop("_alone")["doc_count"]
    hits = heapq.merge(
        *(answer["hits"]["hits"] for answer in answers),
        key=lambda hit: [-value for value in hit["sort"][:keys]],
    )
    return Page(
        hits=list(hits)[start : start + size],
        total=stories + single,
        articles=answers[0]["hits"]["total"]["value"] + single,
        facets=facets,
        took_ms=sum(answer["took"] for answer in answers),
        has_single=len(answers) > 1,
    )


def uncollapsed(answer: Mapping[str, Any], sort: Sequence[Mapping[str, Any]]) -> Page:
    """Return the page of a search in which every article is a hit (:func:`each_with_story`)."""
    section = answer["hits"]
    total = section["total"]["value"]
    facets = answer.get("aggregations", {})  # none where none were asked for
    return Page(told(section["hits"], sort), total, total, facets, answer["took"])


def each_with_story(sort: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return what a search that collapses nothing sorts by, to have its hits' stories told."""
    return [*sort, {"_doc": "asc"}, *first_of("story")]


def told(hits: Sequence[Json], sort: Sequence[Mapping[str, Any]]) -> list[Json]:
    """Return the hits of :func:`each_with_story` as those of a search that collapses."""
    return [{**hit, "fields": {"story": first_values(hit, len(sort) + 1)}} for hit in hits]


def story_of(hit: Mapping[str, Any]) -> str:
    """Return the story of a hit of a search that collapses, or of :func:`told`."""
    return str("".join(hit.get("fields", {}).get("story", ())))


def with_copies(query: Mapping[str, Any], ids: Sequence[str], stories: Sequence[str]) -> Json:
    """Return the query for the articles ``ids``, first, and what ``query`` finds of ``stories``.

    Their number by story is counted by :func:`by_story`. A global aggregation would look at every
    article of the index.
    """
    shown: Json = {"ids": {"values": list(ids)}}
    if not stories:
        return shown
    copies = {"bool": {"filter": [query, {"terms": {"story": list(stories)}}]}}
    either = {"bool": {"should": [shown, copies], "minimum_should_match": 1}}
    return {"bool": {"filter": [either], "should": [{"constant_score": {"filter": shown}}]}}


def by_story(stories: Sequence[str]) -> Json:
    """Return the aggregation that counts articles by story; few, so that they need no table."""
    each = {"field": "story", "size": max(len(stories), 1), "execution_hint": "map"}
    return {"copies": {"terms": each}} if stories else {}


def counted(answer: Mapping[str, Any]) -> dict[str, int]:
    """Return story -> articles, from the answer to a search with :func:`by_story`."""
    buckets = answer.get("aggregations", {}).get("copies", {}).get("buckets", [])
    return {bucket["key"]: bucket["doc_count"] for bucket in buckets}
