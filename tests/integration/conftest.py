"""What the tests against a real Elasticsearch share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from articles.tls import Tls
from extraction.formats.parse import parse
from indexing.index.connect import connect
from indexing.index.manage import create_index
from indexing.index.mapping import MAPPING_VERSION
from indexing.writing.document import to_document
from indexing.writing.write import create

NOW = "2026-01-01T00:00:00+00:00"


@pytest.fixture(scope="module")
def client(elasticsearch_url: str, elasticsearch_tls: Tls | None) -> Iterator[Elasticsearch]:
    """A client of the test module."""
    with connect(elasticsearch_url, tls=elasticsearch_tls) as connected:
        yield connected


@pytest.fixture
def index(client: Elasticsearch) -> Iterator[str]:
    """An empty index behind an alias of its own, for a module that fills it itself."""
    alias = f"depesche-test-{uuid4().hex}"
    create_index(client, alias)
    yield alias
    for name in client.indices.get(index=f"{alias}*", expand_wildcards="all"):
        client.indices.delete(index=name)


@contextmanager
def filled(client: Elasticsearch, texts: Mapping[str, str]) -> Iterator[str]:
    """An index with the articles that were read from ``texts``, by their ids; gone behind it."""
    alias = f"depesche-test-{uuid4().hex}"
    create_index(client, alias)
    try:
        documents = [
            (key, to_document(parse(text.encode(), f"{number}.txt"), NOW, NOW))
            for number, (key, text) in enumerate(texts.items())
        ]
        assert {fate.result for fate in create(client, alias, documents)} == {"created"}
        client.indices.refresh(index=alias)
        yield alias
    finally:
        client.indices.delete(index=f"{alias}-v{MAPPING_VERSION}")
