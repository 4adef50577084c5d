"""A search: found, sorted, grouped, cut and shown."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from tests.fakes.aggregating import aggregations, suggestions
from tests.fakes.analysis import Json
from tests.fakes.fields import Document, only
from tests.fakes.matching import Scope, inner
from tests.fakes.times import instant

#: A document that was found, its score, and what it is sorted by.
Found = tuple[Document, float | None, list[Any]]


def search(scope: Scope, body: Json) -> Json:
    """Return Elasticsearch's answer to a search."""
    scored = _scored(scope, body)
    sort = body.get("sort") or [{"_score": "desc"}]
    rows = _sorted(scope, scored, sort)
    kept = [row for row in rows if _kept(scope, body, row)]
    shown = _page(_collapsed(scope, body, kept), body, sort)
    answer: Json = {
        "took": 1,
        "timed_out": False,
        "hits": {"hits": [_hit(scope, body, row) for row in shown]},
    }
    if body.get("track_total_hits", True) is not False:
        answer["hits"]["total"] = {"value": len(kept), "relation": "eq"}
    if asked := body.get("aggs") or body.get("aggregations"):
        answer["aggregations"] = aggregations(scope, asked, [document for document, _ in scored])
    if "suggest" in body:
        answer["suggest"] = suggestions(scope, body["suggest"])
    return answer


def _scored(scope: Scope, body: Json) -> list[tuple[Document, float]]:
    if "knn" in body:
        return _nearest(scope, body["knn"])
    query = body.get("query") or {"match_all": {}}
    each = ((document, scope.score(query, document)) for document in scope.documents)
    return [(document, score) for document, score in each if score is not None]


def _nearest(scope: Scope, body: Json) -> list[tuple[Document, float]]:
    nearest = []
    for document in scope.matching(body["filter"]):
        vector = document.source.get(body["field"])
        if vector and (like := _cosine(body["query_vector"], vector)) >= body["similarity"]:
            nearest.append((document, (1 + like) / 2))
    return sorted(nearest, key=lambda pair: -pair[1])[: body["k"]]


def _cosine(first: Sequence[float], second: Sequence[float]) -> float:
    dot = math.sumprod(first, second) if hasattr(math, "sumprod") else _dot(first, second)
    return dot / math.sqrt(_dot(first, first) * _dot(second, second))


def _dot(first: Sequence[float], second: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(first, second, strict=True))


def _sorted(scope: Scope, scored: list[tuple[Document, float]], sort: list[Any]) -> list[Found]:
    by_score = any("_score" in key for key in sort)
    rows = [
        (
            document,
            score if by_score else None,
            [_key(scope, document, score, n, key) for key in sort],
        )
        for n, (document, score) in enumerate(scored)
    ]
    return sorted(rows, key=lambda row: _order(row[2], sort))


def _key(scope: Scope, document: Document, score: float, place: int, key: Json) -> Any:
    ((path, how),) = key.items()
    if path == "_score":
        return score
    if path in {"_doc", "_shard_doc"}:
        return document.seq_no * 1000 + place
    if path == "_seq_no":
        return document.seq_no
    values = scope.schema.values(document, path)
    if isinstance(how, dict) and how.get("mode") == "min":
        return _first(scope.schema.kind(path), values)
    value = next(iter(values), None)
    return -(2**63) if value is None else int(instant(str(value)))


def _first(kind: str, values: list[Any]) -> Any:
    if kind in {"date", "long", "integer"}:
        numbers = (int(instant(v)) if isinstance(v, str) and kind == "date" else v for v in values)
        return min((int(number) for number in numbers), default=2**63 - 1)
    return min(values, default=None)


def _order(values: Sequence[Any], sort: list[Any]) -> list[float]:
    """For ``sorted``: smaller is first; what has no value is last in both directions."""
    pairs = zip(values, sort, strict=True)
    return [_sign(key) * value for value, key in pairs if "mode" not in next(iter(key.values()))]


def _sign(key: Json) -> int:
    (how,) = key.values()
    order = how["order"] if isinstance(how, dict) else how
    return -1 if order == "desc" else 1


def _kept(scope: Scope, body: Json, row: Found) -> bool:
    return "post_filter" not in body or scope.hits(body["post_filter"], row[0])


def _collapsed(scope: Scope, body: Json, rows: list[Found]) -> list[Found]:
    if "collapse" not in body:
        return rows
    first: dict[Any, Found] = {}
    for row in rows:
        (value, *_) = [*scope.schema.values(row[0], body["collapse"]["field"]), None]
        first.setdefault(value, row)
    return list(first.values())


def _page(rows: list[Found], body: Json, sort: list[Any]) -> list[Found]:
    if after := body.get("search_after"):
        rows = [row for row in rows if _order(row[2], sort) > _order(after, sort)]
    start = body.get("from", 0)
    return rows[start : start + body.get("size", 10)]


def _hit(scope: Scope, body: Json, row: Found) -> Json:
    document, score, sort = row
    hit: Json = {"_index": "fake", "_id": document.id, "_score": score, "sort": sort}
    source = body.get("_source", True)
    if source is not False:
        wanted = source.get("includes") if isinstance(source, dict) else source
        whole = wanted is None or wanted is True
        hit["_source"] = document.source if whole else only(document.source, wanted)
    if body.get("seq_no_primary_term"):
        hit |= {"_seq_no": document.seq_no, "_primary_term": 1}
    if names := _matched(scope, body.get("query"), document):
        hit["matched_queries"] = names
    if "collapse" in body and (values := scope.schema.values(document, body["collapse"]["field"])):
        hit["fields"] = {body["collapse"]["field"]: values}
    if nested := _inner_hits(scope, body.get("query", {}), document):
        hit["inner_hits"] = nested
    return hit


def _matched(scope: Scope, part: Any, document: Document) -> list[str]:
    """The names of the terms, wherever they stand in a query, that find the document."""
    if isinstance(part, list):
        return [name for each in part for name in _matched(scope, each, document)]
    if not isinstance(part, dict):
        return []
    about = next(iter(part.get("term", {}).values()), None)
    if isinstance(about, dict) and "_name" in about:
        return [about["_name"]] if scope.hits(part, document) else []
    return _matched(scope, list(part.values()), document)


def _inner_hits(scope: Scope, query: Json, document: Document) -> Json:
    nested: Json = {}
    parts = query.get("bool", {})
    must, keep = (parts.get(name, []) for name in ("must", "filter"))
    for part in must if isinstance(must, list) else [must]:  # a reader's filter may stand around it
        nested |= _inner_hits(scope, part, document)
    for clause in keep if isinstance(keep, list) else [keep]:
        if "nested" in clause and "inner_hits" in clause["nested"]:
            how = clause["nested"]
            hits = inner(scope, how, document)[: how["inner_hits"].get("size", 3)]
            shown = [{"_source": hit.source[how["path"]]} for hit in hits]
            nested[how["path"]] = {"hits": {"hits": shown}}
    return nested
