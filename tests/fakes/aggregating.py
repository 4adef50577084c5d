"""Aggregations: what is counted over the documents found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from rapidfuzz.distance import OSA

from tests.fakes.analysis import Json
from tests.fakes.fields import Document
from tests.fakes.matching import Scope, lucene
from tests.fakes.times import instant

Documents = Sequence[Document]


def aggregations(scope: Scope, asked: Json, documents: Documents) -> Json:
    """Return the answers by name."""
    return {name: _one(scope, about, documents) for name, about in asked.items()}


def _one(scope: Scope, about: Json, documents: Documents) -> Json:
    inner = about.get("aggs") or about.get("aggregations") or {}
    (kind,) = set(about) - {"aggs", "aggregations"}
    return _KINDS[kind](scope, about[kind], documents, inner)


def _counted(scope: Scope, documents: Documents, inner: Json) -> Json:
    return {"doc_count": len(documents), **aggregations(scope, inner, documents)}


def _filter(scope: Scope, body: Json, documents: Documents, inner: Json) -> Json:
    return _counted(
        scope, [document for document in documents if scope.hits(body, document)], inner
    )


def _global(scope: Scope, body: Json, documents: Documents, inner: Json) -> Json:
    return _counted(scope, scope.documents, inner)


def _missing(scope: Scope, body: Json, documents: Documents, inner: Json) -> Json:
    without = [
        document for document in documents if not scope.schema.values(document, body["field"])
    ]
    return _counted(scope, without, inner)


def _cardinality(scope: Scope, body: Json, documents: Documents, inner: Json) -> Json:
    return {"value": len(_by_value(scope, body["field"], documents))}


def _by_value(scope: Scope, path: str, documents: Documents) -> dict[str, list[Document]]:
    groups: dict[str, list[Document]] = {}
    for document in documents:
        for value in dict.fromkeys(scope.schema.values(document, path)):
            groups.setdefault(value, []).append(document)
    return groups


def _wanted(body: Json, value: str) -> bool:
    include, exclude = body.get("include"), body.get("exclude", [])
    if isinstance(include, str):
        return bool(lucene(include).match(value))
    return value not in exclude and (include is None or value in include)


def _terms(scope: Scope, body: Json, documents: Documents, inner: Json) -> Json:
    groups = _by_value(scope, body["field"], documents)
    kept = [(value, group) for value, group in groups.items() if _wanted(body, value)]
    kept.sort(key=lambda pair: (-len(pair[1]), pair[0]))
    buckets = [{"key": v, **_counted(scope, g, inner)} for v, g in kept[: body.get("size", 10)]]
    return {"buckets": buckets}


def _significant(scope: Scope, body: Json, documents: Documents, inner: Json) -> Json:
    """Those more frequent here than in the background, by JLH."""
    background = scope.matching(body["background_filter"])
    usual = Counter({v: len(g) for v, g in _by_value(scope, body["field"], background).items()})
    ranked = []
    for value, group in _by_value(scope, body["field"], documents).items():
        here, there = len(group) / len(documents), usual[value] / max(len(background), 1)
        if _wanted(body, value) and len(group) >= body["min_doc_count"] and here > there > 0:
            score = (here - there) * here / there
            ranked.append(
                (-score, {"key": value, "doc_count": len(group), "bg_count": usual[value]})
            )
    ranked.sort(key=lambda pair: (pair[0], pair[1]["key"]))
    return {"buckets": [bucket for _, bucket in ranked[: body["size"]]]}


def _end(best: Callable[..., float]) -> Callable[..., Json]:
    def extreme(scope: Scope, body: Json, documents: Documents, inner: Json) -> Json:
        values = [v for d in documents for v in scope.schema.values(d, body["field"])]
        if not values:
            return {"value": None}
        if isinstance(values[0], int):
            return {"value": float(best(values))}
        value = best(map(instant, values))
        return {"value": value, "value_as_string": _written(value, "%Y-%m-%d")}

    return extreme


def _sum(scope: Scope, body: Json, documents: Documents, inner: Json) -> Json:
    assert body["field"] == "_seq_no", body  # no other is asked for
    return {"value": float(sum(document.seq_no for document in documents))}


def _written(value: float, how: str) -> str:
    return datetime.fromtimestamp(value / 1000, UTC).strftime(how)


def _histogram(scope: Scope, body: Json, documents: Documents, inner: Json) -> Json:
    """By day, month or year; without ``min_doc_count`` those in between are there, too."""
    if "fixed_interval" in body:
        return _steps(scope, body, documents, inner)
    how = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}[body["calendar_interval"]]
    months = Counter(
        _written(instant(value), how)
        for document in documents
        for value in scope.schema.values(document, body["field"])
    )
    keys = sorted(months)
    if keys and not body["min_doc_count"]:
        keys = _between(keys[0], keys[-1])
    if body.get("order", {}).get("_key") == "desc":
        keys.reverse()
    return {"buckets": [{"key": k, "key_as_string": k, "doc_count": months[k]} for k in keys]}


def _steps(scope: Scope, body: Json, documents: Documents, inner: Json) -> Json:
    """By milliseconds; only those steps that hold a document."""
    step = int(body["fixed_interval"].removesuffix("ms"))
    groups: dict[int, list[Document]] = {}
    for document in documents:
        for value in scope.schema.values(document, body["field"]):
            groups.setdefault(int(instant(value) // step * step), []).append(document)
    return {"buckets": [{"key": k, **_counted(scope, g, inner)} for k, g in sorted(groups.items())]}


def _between(first: str, last: str) -> list[str]:
    if "-" not in first:
        return [str(year) for year in range(int(first), int(last) + 1)]
    (y1, m1), (y2, m2) = (map(int, document.split("-")) for document in (first, last))
    months = range(y1 * 12 + m1 - 1, y2 * 12 + m2)
    return [f"{month // 12:04}-{month % 12 + 1:02}" for month in months]


_KINDS: dict[str, Callable[..., Json]] = {
    "filter": _filter,
    "global": _global,
    "missing": _missing,
    "cardinality": _cardinality,
    "terms": _terms,
    "significant_terms": _significant,
    "sum": _sum,
    "min": _end(min),
    "max": _end(max),
    "date_histogram": _histogram,
}


def suggestions(scope: Scope, asked: Json) -> Json:
    """The nearest terms of a field for each text, as the term suggester gives them."""
    return {
        name: [{"options": _near(scope, document["text"], document["term"])}]
        for name, document in asked.items()
    }


def _near(scope: Scope, text: str, how: Json) -> list[Json]:
    word, counts = text.lower(), Counter[str]()
    for document in scope.documents:
        counts.update({term for _, term in scope.schema.terms(document, how["field"])})
    near: list[tuple[float, int, str]] = []
    for term, freq in counts.items():
        edits = OSA.distance(word, term)
        if 0 < edits <= how["max_edits"] and term[0] == word[0]:
            near.append((edits / min(len(word), len(term)) - 1, -freq, term))
    best = sorted(near)[: how["size"]]
    return [{"text": term, "score": -score, "freq": -freq} for score, freq, term in best]
