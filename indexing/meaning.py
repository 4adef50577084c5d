"""Search by meaning: nearest neighbours of the query's vector, fused with the text's hits.

Fused by reciprocal rank (Cormack, Clarke, Büttcher 2009) here on the client, since not every
Elasticsearch has it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from indexing.language import parse
from indexing.query import Query

#: The field, and the length of its vectors: those of multilingual-e5-small.
FIELD, DIMS = "meaning", 384
#: Only so many of the first results are fused; behind them the order is the text's alone.
WINDOW = 100
#: The constant of Cormack et al.: the larger, the less the very first ranks outweigh the others.
_K = 60


def may_fuse(query: Query) -> bool:
    """Tell whether the query is of words alone, which a vector can stand for, and not too deep.

    Phrases, exclusions and beginnings of words ask for spellings, not for a meaning.
    """
    terms = parse(query.text)
    spelled = terms.phrases or terms.without_words or terms.without_phrases
    deep = query.offset + query.size > WINDOW
    return bool(terms.words) and not spelled and "*" not in terms.words and not deep


def neighbours(vector: Sequence[float], clauses: dict[str, Any]) -> dict[str, Any]:
    """Return the kNN search that keeps to the filters of the text query's ``clauses``."""
    kept = {name: clauses["bool"][name] for name in ("filter", "must_not")}
    return {
        "field": FIELD,
        "query_vector": list(vector),
        "k": WINDOW,
        "num_candidates": 2 * WINDOW,
        "filter": {"bool": kept},
    }


def fuse(*rankings: Sequence[str]) -> list[str]:
    """Return all ids, best first by the sum of 1 / (60 + rank); equal ones as they first come."""
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, id_ in enumerate(ranking, 1):
            scores[id_] = scores.get(id_, 0.0) + 1 / (_K + rank)
    return sorted(scores, key=lambda id_: -scores[id_])


def fused(answer: dict[str, Any], near: dict[str, Any], query: Query) -> dict[str, Any]:
    """Return the text's ``answer`` with the page of ``query`` out of both; both start at 0.

    ``total`` counts what only the meaning found too; facets stay those of the text.
    """
    by_text, by_meaning = answer["hits"]["hits"], near["hits"]["hits"]
    hits = {hit["_id"]: hit for hit in [*by_meaning, *by_text]}
    order = fuse([hit["_id"] for hit in by_text], [hit["_id"] for hit in by_meaning])
    page = [hits[id_] for id_ in order[query.offset : query.offset + query.size]]
    more = len(order) - len(by_text)
    total = answer["hits"]["total"] | {"value": answer["hits"]["total"]["value"] + more}
    took = answer["took"] + near["took"]
    return answer | {"took": took, "hits": answer["hits"] | {"hits": page, "total": total}}
