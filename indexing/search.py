"""Searching the archive.

>>> from indexing.connect import connect
>>> from indexing.search import Query, search
>>> client = connect("http://localhost:9200")
>>> results = search(client, "articles", Query("Verträge", people=("Putin",)))  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from elasticsearch import BadRequestError, Elasticsearch, NotFoundError

from extraction.errors import Misuse
from indexing.faults import describe, error_of, translate_errors
from indexing.meaning import WINDOW, fused, may_fuse, neighbours
from indexing.query import (
    FACETS,
    Query,
    check,
    clauses,
    exactly,
    highlighting,
    is_surname,
    may_loosen,
    partly,
)
from indexing.results import HIT_FIELDS, Bucket, Hit, Results, to_results

__all__ = ["Bucket", "Hit", "Query", "Results", "get", "search"]

_BY_SCORE = [{"_score": "desc"}, {"published": {"order": "desc", "missing": "_last"}}]
_BY_DATE = [*_BY_SCORE[1:], {"received_at": "desc"}]


def search(
    client: Elasticsearch,
    index: str,
    query: Query,
    tags: tuple[str, str] = ("<em>", "</em>"),
    vector: Sequence[float] = (),
) -> Results:
    """Find articles; best first with a text, latest first without.

    Where no article has all of four or more words, those with most of them are found. ``tags``
    stand before and after each match in the highlights, whose text is not escaped.
    Facets count over everything found. With the query's ``vector`` the nearest articles by
    meaning are fused into the first hundred, if the query is of words alone.
    Raises :class:`Misuse` for a query that cannot be, with a sentence that says why, and
    :class:`ServiceAway`.
    """
    check(query)
    has_text = bool(query.text.strip())
    filters = name_filters(client, index, query.names())
    body: dict[str, Any] = {
        "sort": _BY_SCORE if has_text else _BY_DATE,
        "source_includes": list(HIT_FIELDS),
        "highlight": highlighting(query.text, *tags),
        "aggs": FACETS,
        "size": query.size,
        "from_": query.offset,
        "track_total_hits": True,
    }
    by_meaning = bool(vector) and may_fuse(query)
    if by_meaning:
        body |= {"size": WINDOW, "from_": 0}
    answer = _ask(client, index, query=clauses(query, filters), **body)
    if not answer["hits"]["total"]["value"] and may_loosen(query):
        answer = _ask(client, index, query=clauses(query, filters, loosened=True), **body)
    if by_meaning:
        near = {name: body[name] for name in ("source_includes", "highlight", "size")}
        wanted = neighbours(vector, clauses(query, filters))
        answer = fused(answer, _ask(client, index, knn=wanted, **near), query)
    return to_results(answer, tags[0])


def get(client: Elasticsearch, index: str, id_: str) -> dict[str, Any] | None:
    """Return the article's document with its ``id``, ``None`` if there is none.

    Raises :class:`ServiceAway` and :class:`Misuse`.
    """
    try:
        with translate_errors():
            answer = client.get(index=index, id=id_)
    except NotFoundError:
        return None
    return {"id": answer["_id"], **answer["_source"]}


def name_filters(
    client: Elasticsearch, index: str, names: list[tuple[str, str]]
) -> list[dict[str, Any]]:
    """Return a clause for each pair of field and name: the whole name if known, else its parts."""
    if not names:
        return []
    exact = [exactly(field, name) for field, name in names]
    aggs = {str(n): {"filter": clause} for n, clause in enumerate(exact)}
    answer = _ask(client, index, aggs=aggs, size=0, track_total_hits=False)
    known = [answer["aggregations"][str(n)]["doc_count"] > 0 for n in range(len(names))]
    return [
        exact[n] if known[n] and not is_surname(*pair) else partly(*pair)
        for n, pair in enumerate(names)
    ]


def _ask(client: Elasticsearch, index: str, **body: Any) -> dict[str, Any]:
    try:
        with translate_errors():
            return dict(client.search(index=index, **body))
    except BadRequestError as error:
        reason = describe(error_of(error))
        raise Misuse(f"Elasticsearch cannot make sense of the query: {reason}") from error
