"""Search by meaning on a real Elasticsearch, with vectors made by hand."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from indexing.manage import create_index
from indexing.mapping import MAPPING_VERSION
from indexing.meaning import DIMS
from indexing.migrate import migrate
from indexing.search import Query, search
from indexing.write import create


def vector(axis: int) -> list[float]:
    return [float(n == axis) for n in range(DIMS)]


@pytest.fixture(scope="module")
def archive(client: Elasticsearch) -> Iterator[str]:
    alias = f"h-meaning-{uuid4().hex}"
    create_index(client, alias)
    documents: list[tuple[str, dict[str, Any]]] = [
        ("word", {"headline": "Ein Unfall", "places": ["Bonn"], "meaning": vector(1)}),
        ("both", {"headline": "Noch ein Unfall", "places": ["Bonn"], "meaning": vector(0)}),
        ("like", {"headline": "Wagen prallt", "places": ["Bonn"], "meaning": vector(0)}),
        ("away", {"headline": "Wagen brennt", "places": ["Köln"], "meaning": vector(0)}),
        ("bare", {"headline": "Ohne Vektor Unfall", "places": ["Bonn"]}),
    ]
    assert all(fate.result == "created" for fate in create(client, alias, documents))
    client.indices.refresh(index=alias)
    yield alias
    client.indices.delete(index=f"{alias}-v{MAPPING_VERSION}")


def ids(
    client: Elasticsearch, archive: str, query: Query, by: list[float] | None = None
) -> list[str]:
    return [hit.id for hit in search(client, archive, query, vector=by or ()).hits]


def test_without_a_vector_words_alone_decide(client: Elasticsearch, archive: str) -> None:
    assert set(ids(client, archive, Query("Unfall"))) == {"word", "both", "bare"}


def test_meaning_adds_what_words_miss(client: Elasticsearch, archive: str) -> None:
    found = search(client, archive, Query("Unfall"), vector=vector(0))
    assert {hit.id for hit in found.hits} == {"word", "both", "bare", "like", "away"}
    assert found.hits[0].id == "both"
    assert found.total == 5


def test_filters_hold_for_meaning_too(client: Elasticsearch, archive: str) -> None:
    query = Query("Unfall", places=("Bonn",))
    assert set(ids(client, archive, query, vector(0))) == {"word", "both", "bare", "like"}
    without = Query("Unfall -place:Bonn")
    assert ids(client, archive, without, vector(0)) == ["away"]


def test_phrases_stay_as_written(client: Elasticsearch, archive: str) -> None:
    assert ids(client, archive, Query('"Wagen prallt"'), vector(0)) == ["like"]


def test_pages_are_of_one_order(client: Elasticsearch, archive: str) -> None:
    whole = ids(client, archive, Query("Unfall"), vector(0))
    pages = [ids(client, archive, Query("Unfall", size=1, offset=n), vector(0)) for n in range(5)]
    assert [id_ for page in pages for id_ in page] == whole


def test_vectors_outlive_enrichment_and_migration(client: Elasticsearch) -> None:
    alias = f"h-meaning-{uuid4().hex}"
    create_index(client, alias)
    try:
        list(create(client, alias, [("like", {"headline": "Wagen", "meaning": vector(0)})]))
        client.update(index=alias, id="like", doc={"people": ["Anna"]}, refresh=True)
        migrate(client, alias, print, force=True)
        client.indices.refresh(index=alias)
        assert ids(client, alias, Query("Unfall"), vector(0)) == ["like"]
    finally:
        for concrete in client.indices.get(index=f"{alias}-v*"):
            client.indices.delete(index=concrete)
