"""Searching the archive.

>>> from indexing.index.connect import connect
>>> from indexing.searching.search import Query, search
>>> client = connect("http://localhost:9200")
>>> results = search(client, "articles", Query("Verträge", people=("Putin",)))  # doctest: +SKIP
>>> results.total, results.hits[0].headline, results.facets["people"]  # doctest: +SKIP
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import replace
from typing import Any

from elasticsearch import Elasticsearch, NotFoundError

from indexing.index.faults import translate_errors
from indexing.index.foreign import ROOT
from indexing.index.point_in_time import point_in_time
from indexing.index.source import source_of
from indexing.searching.earlier import EARLIER
from indexing.searching.execution import NotOneMoment, SearchExecution
from indexing.searching.query import (
    DEEPEST,
    Canonical,
    Query,
    as_written,
    check,
)
from indexing.searching.results import (
    Bucket,
    Hit,
    Nearest,
    Results,
    Unknown,
)

__all__ = ["Bucket", "Hit", "Nearest", "Query", "Results", "Unknown", "get", "pages", "search"]


def search(
    client: Elasticsearch,
    index: str,
    query: Query,
    *,
    every_copy: bool = False,
    canonical: Canonical = as_written,
    vector: Sequence[float] = (),
) -> Results:
    """Find articles; best first with a text, latest first without.

    Of each story the best article is a hit and tells how many copies it has; with ``every_copy``
    all are hits. Where nothing is found, words that no article has are taken for misspelt, and
    of three or more words most are enough. ``canonical`` gives the name under which the archive
    has a name of an index field (``people``), for the name filters. With the query's ``vector``
    what is nearest in meaning is found too. Facets count all articles found.

    Raises :class:`UsageError` for a query that cannot be, with a sentence that says why, and
    :class:`ServiceUnavailable`.
    """
    check(query)
    asked = SearchExecution.of(client, index, query, canonical, vector)
    # Mostly one request tells all, or two; a point in time would be two more, to open and to close.
    try:
        return asked.results({"index": index}, query, every_copy)
    except NotOneMoment as left:
        with point_in_time(client, index) as pit:
            return asked.results({"pit": pit}, query, every_copy, left.attempts)


def pages(
    client: Elasticsearch,
    index: str,
    query: Query,
    *,
    every_copy: bool = False,
    canonical: Canonical = as_written,
    vector: Sequence[float] = (),
) -> Generator[Results, None, None]:
    """Yield one page of ``query.size`` after the other, from ``query.offset`` on.

    All are from one point in time: articles that come or change meanwhile neither shift nor
    repeat a hit. They end after 10,000 hits; ``indexing.searching.export`` has no end. Where
    nothing is found there is one page, which says so. Close the generator to free what
    Elasticsearch holds. Raises as :func:`search`, and ``ServiceUnavailable`` where more than five
    minutes pass between pages.
    """
    check(query)
    with point_in_time(client, index) as pit:
        asked = SearchExecution.of(client, index, query, canonical, vector)
        for offset in range(query.offset, DEEPEST, query.size or DEEPEST):
            part = replace(query, offset=offset, size=min(query.size, DEEPEST - offset))
            results = asked.results({"pit": pit}, part, every_copy)
            if results.hits or offset == query.offset:
                yield results
            if len(results.hits) < max(query.size, 1):
                return


def get(client: Elasticsearch, index: str, id_: str) -> dict[str, Any] | None:
    """Return the article's document with its ``id``, ``None`` if there is none.

    Raises :class:`ServiceUnavailable` and :class:`UsageError`.
    """
    if not id_:
        return None
    try:
        with translate_errors():
            answer = client.get(index=index, id=id_)
    except NotFoundError:
        return None
    source = source_of(answer.body)
    for again in (ROOT, EARLIER):  # the same texts once more, and those of the archive's files
        source.pop(again, None)
    return {"id": answer["_id"], **source}
