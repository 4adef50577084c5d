"""Searches at one point in time, with errors in a person's words."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from elastic_transport import TransportError
from elasticsearch import ApiError, BadRequestError, Elasticsearch

from articles.errors import UsageError
from indexing.index.faults import describe, error_of, translate_errors

#: How long Elasticsearch keeps a point in time that nobody asks for, renewed with every request.
KEEP = "5m"


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


def ask(client: Elasticsearch, **body: Any) -> dict[str, Any]:
    """Return the answer to a search; raises ``ServiceUnavailable`` and :class:`UsageError`."""
    try:
        with translate_errors():
            return dict(client.search(**body))
    except BadRequestError as error:
        reason = describe(error_of(error))
        raise UsageError(f"Elasticsearch cannot make sense of the query: {reason}") from error
