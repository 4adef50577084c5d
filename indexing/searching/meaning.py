"""Search by meaning: nearest neighbours of the query's vector, fused with what the words find.

Fused by reciprocal rank (Cormack, Clarke, Büttcher 2009) here on the client, since not every
Elasticsearch has it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from elasticsearch import Elasticsearch

from indexing.index.point_in_time import ask
from indexing.index.ready import check_field
from indexing.searching.collapse import Page, each_with_story, story_of, told
from indexing.searching.query import Query
from indexing.searching.syntax import parse

Json = dict[str, Any]

#: The field, and the length of its vectors: those of multilingual-e5-small.
FIELD, DIMS = "meaning", 384
#: So many of the first results of each kind are fused; behind them come the words' others.
WINDOW = 100
#: The constant of Cormack et al.: the larger, the less the very first ranks outweigh the others.
_K = 60
#: Cosine below which nothing counts as like the query. Measured with this encoder: random words
#: reach 0.827 somewhere in 850 articles; of headlines and their articles 97 % lie above.
_FLOOR = 0.83
_NEAREST = [{"_score": "desc"}]


def may_fuse(query: Query) -> bool:
    """Tell whether the query is of words alone, which a vector can stand for; filters may be.

    Phrases, exclusions, alternatives and beginnings of words ask for spellings, not for a meaning;
    the newest first leaves nothing to rank.
    """
    terms = parse(query.text)
    spelled = terms.all_phrases() or terms.without_words or terms.without_phrases
    related = terms.either or terms.near
    plain = not spelled and not related and "*" not in terms.words
    return bool(terms.words) and plain and not query.newest


def neighbours(
    client: Elasticsearch,
    index: str,
    where: Mapping[str, Any],
    vector: Sequence[float],
    limits: Json,
) -> list[Json]:
    """Return the articles nearest to ``vector`` within ``limits``, nearest first.

    Hits as in :class:`Page`. Raises ``ServiceUnavailable``, and :class:`UsageError` where the index
    has no vectors' field.
    """
    wanted = {
        "field": FIELD,
        "query_vector": list(vector),
        "k": WINDOW,
        "num_candidates": 2 * WINDOW,
        "similarity": _FLOOR,
        "filter": {"bool": limits},
    }
    body: Json = {"knn": wanted, "size": WINDOW, "source": False, "sort": each_with_story(_NEAREST)}
    hits = told(ask(client, **where, **body)["hits"]["hits"], _NEAREST)
    if not hits:  # Elasticsearch finds nothing where there is no such field, and no fault in it
        check_field(client, index, FIELD)
    return hits


def either(clause: Json, nearest: Sequence[Json]) -> Json:
    """Return the query for what the words' ``clause`` finds or is among the nearest.

    Only words score: so the order of what they find stays, and all others stand behind.
    """
    ids = {"ids": {"values": [hit["_id"] for hit in nearest]}}
    near = {"constant_score": {"filter": ids, "boost": 0}}
    return {"bool": {"should": [clause, near], "minimum_should_match": 1}}


def whole(query: Query) -> Query:
    """Return the query for all that is fused, and for all before its page: both from 0 on."""
    return replace(query, offset=0, size=max(WINDOW, query.offset + query.size))


def fuse(*rankings: Sequence[str]) -> list[str]:
    """Return all keys, best first by the sum of 1 / (60 + rank); equal ones as they first come."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, key in enumerate(ranking, 1):
            scores[key] = scores.get(key, 0.0) + 1 / (_K + rank)
    return sorted(scores, key=lambda key: -scores[key])


def fused(
    page: Page, nearest: Sequence[Json], query: Query, *, loosened: bool, every_copy: bool
) -> Page:
    """Return the page of ``query``, out of that of :func:`whole`.

    What has all words comes first and in the words' own order, then what is near: whoever knows
    the words finds them as without vectors. Where no article has all (``loosened``), both
    rankings are fused. Each page is cut out of one order. Of a story the article that the words
    found best is the hit, else the nearest.
    """
    by_words = _by_key(page.hits, every_copy)
    near = _by_key(nearest, every_copy)
    worded = [key for key, hit in by_words.items() if hit["_score"]]
    first = fuse(worded[:WINDOW], list(near)) if loosened else worded
    order = dict.fromkeys([*first, *worded, *near, *by_words])
    hits = near | by_words
    cut = list(order)[query.offset : query.offset + query.size]
    return replace(page, hits=[hits[key] for key in cut])


def _by_key(hits: Sequence[Json], every_copy: bool) -> dict[str, Json]:
    """Return the hits by story, or by id where there is none; of a story the first."""
    by_key: dict[str, Json] = {}
    for hit in hits:
        by_key.setdefault(_key(hit, every_copy), hit)
    return by_key


def _key(hit: Mapping[str, Any], every_copy: bool) -> str:
    return (not every_copy and story_of(hit)) or str(hit["_id"])
