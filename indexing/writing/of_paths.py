"""Documents by the paths of their files. There is no end to what others write under a path."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from elasticsearch import Elasticsearch

from indexing.index.faults import translate_errors
from indexing.index.point_in_time import pages

#: Documents that are read of one question, and in one answer.
MOST, _AT_ONCE = 1_000, 100


def of_paths(
    client: Elasticsearch,
    index: str,
    paths: Sequence[str],
    limit: Mapping[str, Any],
    source: Sequence[str],
    first: Sequence[str],
    beyond: Callable[[int], object] = lambda _: None,
) -> Iterator[dict[str, Any]]:
    """Yield hits made of files with these paths and within ``limit``, those with ids ``first``.

    All that was written before the call is seen: it refreshes. What is too large to be read is
    left out, and what is beyond ``MOST``: the log says so, and ``beyond`` is told how many. Raises
    ``ServiceUnavailable`` and ``UsageError``.
    """
    before = {"constant_score": {"filter": {"ids": {"values": list(first)}}}}
    query = {"bool": {"filter": [{"terms": {"source.path": list(paths)}}, limit], "should": before}}
    found = pages(client, index, query, [{"_score": "desc"}], source, size=min(_AT_ONCE, MOST))
    hits = chain.from_iterable(found)
    yield from (hit for hit in islice(hits, MOST) if "_source" in hit)
    if next(hits, None):
        import structlog  # here, for some commands do without

        structlog.get_logger().warning("documents.too_many", paths=list(paths)[:5], read=MOST)
        with translate_errors():
            beyond(int(client.count(index=index, query=query)["count"]) - MOST)
