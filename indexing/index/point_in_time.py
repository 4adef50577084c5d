"""Searches at one point in time, with errors in a person's words."""

from __future__ import annotations

import contextlib
from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Any

from elastic_transport import TransportError
from elasticsearch import ApiError, BadRequestError, Elasticsearch

from articles.errors import NotNow, ServiceUnavailable, UsageError
from indexing.index.answers import limited
from indexing.index.faults import describe, error_of, translate_errors

#: How long Elasticsearch keeps a point in time that nobody asks for, renewed with every request.
KEEP = "5m"
_PAGE = 1000


@contextlib.contextmanager
def point_in_time(client: Elasticsearch, index: str) -> Iterator[dict[str, str]]:
    """Give a point in time, for the parameter ``pit``: all that was refreshed by now.

    Raises ``ServiceUnavailable`` and :class:`UsageError`.
    """
    with translate_errors():
        pit = client.open_point_in_time(index=index, keep_alive=KEEP)["id"]
    try:
        yield {"id": pit, "keep_alive": KEEP}
    finally:
        # It closes by itself after its keep-alive: a server that is away here is no fault.
        with contextlib.suppress(ApiError, TransportError):
            client.close_point_in_time(id=pit)


def every_hit(
    client: Elasticsearch,
    index: str,
    size: int,
    sort: Sequence[Mapping[str, Any]] = (),
    **body: Any,
) -> Generator[list[dict[str, Any]], None, None]:
    """Yield all that a search finds at one point in time, in pages of ``size`` hits at most.

    ``body`` is the rest of the search; without ``source`` hits bring nothing of it. A page that is
    too much for one answer is halved, and one hit that is so by itself comes without ``_source``.
    Pages grow again, each time after twice as many as before: one too many may take long to fail.
    Raises ``ServiceUnavailable``, where a part of the index is away too, and :class:`UsageError`.
    """
    whole = {"source": False, "track_total_hits": False, "allow_partial_search_results": False}
    with point_in_time(client, index) as pit:
        asked = {**whole, **body, "pit": pit, "sort": [*sort, {"_shard_doc": "asc"}], "size": size}
        wanted, passed, patience = size, 0, 1
        while hits := _page(client, asked):
            yield hits
            asked["search_after"] = hits[-1]["sort"]
            passed += 1
            if asked["size"] < wanted:  # it was too much
                passed, patience = 0, 2 * patience
            elif passed >= patience:
                asked["size"], passed = min(2 * wanted, size), 0
            wanted = asked["size"]


def _page(client: Elasticsearch, asked: dict[str, Any]) -> list[dict[str, Any]]:
    """The next hits; of what is too much for one answer fewer, and ``asked`` says how many."""
    try:
        return _hits(client, asked)
    except ServiceUnavailable:
        if not asked["source"]:
            raise
    bare = _hits(client, {**asked, "source": False})  # it is away, or what is asked for too much
    if len(bare) <= 1:
        return _alone(client, asked, bare)
    asked["size"] = len(bare) // 2
    return _page(client, asked)


def _alone(
    client: Elasticsearch, asked: Mapping[str, Any], bare: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """One hit, asked for once more: it may have been away for a moment, and be so still."""
    try:
        return _hits(client, asked)
    except NotNow:
        raise
    except ServiceUnavailable:
        import structlog  # here, for `status` does without

        for hit in bare:
            structlog.get_logger().warning("document.too_large", id=hit["_id"])
        return bare


def _hits(client: Elasticsearch, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    with translate_errors(), limited():
        return list(client.search(**body)["hits"]["hits"])


def ask(client: Elasticsearch, **body: Any) -> dict[str, Any]:
    """Return the answer to a search; raises ``ServiceUnavailable`` and :class:`UsageError`."""
    try:
        with translate_errors():
            return dict(client.search(**body))
    except BadRequestError as error:
        reason = describe(error_of(error))
        raise UsageError(f"Elasticsearch cannot make sense of the query: {reason}") from error


def pages(
    client: Elasticsearch,
    index: str,
    query: Mapping[str, Any],
    sort: Sequence[Mapping[str, Any]] = (),
    source: Sequence[str] = (),
    size: int | None = None,
) -> Generator[list[dict[str, Any]], None, None]:
    """Yield every hit of ``query`` in pages, from one point in time just after a refresh.

    Hits bring ``_seq_no`` and ``_primary_term``, and of the source only what is named, as far as
    Elasticsearch can send it (:func:`every_hit`). Raises :class:`ServiceUnavailable` and
    :class:`UsageError`.
    """
    with translate_errors():
        client.indices.refresh(index=index)
    yield from every_hit(
        client,
        index,
        size or _PAGE,
        sort,
        query=query,
        source={"includes": list(source)} if source else False,
        seq_no_primary_term=True,
    )
