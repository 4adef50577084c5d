"""What the tests against a real Elasticsearch share."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from indexing.index.connect import connect
from indexing.index.manage import create_index


@pytest.fixture(scope="module")
def client(elasticsearch_url: str) -> Iterator[Elasticsearch]:
    """A client of the test module."""
    with connect(elasticsearch_url) as connected:
        yield connected


@pytest.fixture
def index(client: Elasticsearch) -> Iterator[str]:
    """An empty index behind an alias of its own, for a module that fills it itself."""
    alias = f"depesche-test-{uuid4().hex}"
    create_index(client, alias)
    yield alias
    for name in client.indices.get(index=f"{alias}*", expand_wildcards="all"):
        client.indices.delete(index=name)
