"""Answers of Elasticsearch in which documents hold what another client may have written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from elastic_transport import Transport, TransportApiResponse

Json = Any


@contextmanager
def forged(fields: Mapping[str, Json], ids: frozenset[str] = frozenset()) -> Iterator[None]:
    """Put ``fields`` (a dot leads into an object) into each document that is read, or into some."""
    real = Transport.perform_request

    def perform(*arguments: Any, **options: Any) -> TransportApiResponse:
        answer = real(*arguments, **options)
        _forge(answer.body, fields, ids)
        return answer

    with patch.object(Transport, "perform_request", perform):
        yield


def _forge(answer: Json, fields: Mapping[str, Json], ids: frozenset[str]) -> None:
    if isinstance(answer, list):
        for item in answer:
            _forge(item, fields, ids)
    elif isinstance(answer, dict):
        if "_source" in answer and (not ids or answer.get("_id") in ids):
            _put(answer["_source"], fields)
        for name, value in answer.items():
            if name != "_source":
                _forge(value, fields, ids)


def _put(source: dict[str, Json], fields: Mapping[str, Json]) -> None:
    for path, value in fields.items():
        above, _, name = path.rpartition(".")
        if not above:
            source[name] = value
        elif isinstance(source.get(above), dict):
            source[above][name] = value
