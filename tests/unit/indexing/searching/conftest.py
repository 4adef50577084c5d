"""A small archive in an index in memory."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from elasticsearch import Elasticsearch

from indexing.searching.search import Query, Results, search
from tests.hand_made import fill

Ask = Callable[..., Results]


@pytest.fixture
def ids(client: Elasticsearch, index: str) -> dict[str, str]:
    """The archive's ids by name."""
    return fill(client, index)


@pytest.fixture
def ask(client: Elasticsearch, index: str, ids: dict[str, str]) -> Ask:
    """Searches it."""

    def asked(text: str = "", **more: object) -> Results:
        names = {"every_copy", "canonical", "vector", "tags"}
        options = {key: value for key, value in more.items() if key in names}
        filters = {key: value for key, value in more.items() if key not in names}
        return search(client, index, Query(text, **filters), **options)  # type: ignore[arg-type]

    return asked
