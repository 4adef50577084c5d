"""What the tests against a real Elasticsearch share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from elasticsearch import Elasticsearch

from indexing.connect import connect


@pytest.fixture(scope="module")
def client(elasticsearch_url: str) -> Iterator[Elasticsearch]:
    """A client of the test module."""
    with connect(elasticsearch_url) as found:
        yield found
