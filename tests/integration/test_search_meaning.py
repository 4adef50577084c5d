"""Search by meaning on a real Elasticsearch, with vectors made by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from typing import Any
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from articles.errors import UsageError
from indexing.index.manage import create_index
from indexing.index.mapping import mappings, settings
from indexing.index.migrate import migrate
from indexing.index.ready import check_writable
from indexing.searching.meaning import DIMS, FIELD
from indexing.searching.search import Query, search
from indexing.writing.write import create


def vector(axis: int) -> list[float]:
    return [float(n == axis) for n in range(DIMS)]


@contextmanager
def made(client: Elasticsearch) -> Iterator[str]:
    alias = f"h-meaning-{uuid4().hex}"
    create_index(client, alias)
    try:
        yield alias
    finally:
        for concrete in client.indices.get(index=f"{alias}-v*"):
            client.indices.delete(index=concrete)


def fill(client: Elasticsearch, alias: str, documents: list[tuple[str, dict[str, Any]]]) -> None:
    assert all(fate.result == "created" for fate in create(client, alias, documents))
    client.indices.refresh(index=alias)


def make_without_the_field(client: Elasticsearch, index: str) -> None:
    older = deepcopy(mappings())
    del older["properties"][FIELD]
    client.indices.create(index=index, mappings=older, settings=settings(1, 0, "500ms"))


@pytest.fixture(scope="module")
def archive(client: Elasticsearch) -> Iterator[str]:
    documents: list[tuple[str, dict[str, Any]]] = [
        ("word", {"headline": "Ein Unfall", "places": ["Bonn"], "meaning": vector(1)}),
        ("both", {"headline": "Noch ein Unfall", "places": ["Bonn"], "meaning": vector(0)}),
        ("like", {"headline": "Wagen prallt", "places": ["Bonn"], "meaning": vector(0)}),
        ("away", {"headline": "Wagen brennt", "places": ["Köln"], "meaning": vector(0)}),
        ("bare", {"headline": "Ohne Vektor Unfall", "places": ["Bonn"]}),
    ]
    with made(client) as alias:
        fill(client, alias, documents)
        yield alias


def ids(
    client: Elasticsearch, archive: str, query: Query, by: list[float] | None = None
) -> list[str]:
    return [hit.id for hit in search(client, archive, query, vector=by or ()).hits]


def test_without_a_vector_words_alone_decide(client: Elasticsearch, archive: str) -> None:
    assert set(ids(client, archive, Query("Unfall"))) == {"word", "both", "bare"}


def test_meaning_adds_what_words_miss(client: Elasticsearch, archive: str) -> None:
    results = search(client, archive, Query("Unfall"), vector=vector(0))
    order = [hit.id for hit in results.hits]
    assert order[:3] == ids(client, archive, Query("Unfall"))
    assert set(order[3:]) == {"like", "away"}
    assert results.total == 5


def test_where_no_article_has_all_words_both_rankings_are_fused(
    client: Elasticsearch, archive: str
) -> None:
    results = search(client, archive, Query("Unfall Karambolage Wagen"), vector=vector(0))
    assert results.loosened
    assert {hit.id for hit in results.hits[:3]} == {"both", "like", "away"}
    assert {hit.id for hit in results.hits[3:]} == {"word", "bare"}


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


def test_copies_are_one_hit_for_meaning_too(client: Elasticsearch) -> None:
    with made(client) as alias:
        documents: list[tuple[str, dict[str, Any]]] = [
            ("best", {"headline": "Ein Unfall", "story": "s", "meaning": vector(0)}),
            ("copy", {"headline": "Wagen prallt", "story": "s", "meaning": vector(0)}),
            ("like", {"headline": "Wagen brennt", "story": "t", "meaning": vector(0)}),
            ("as like", {"headline": "Wagen brennt", "story": "t", "meaning": vector(0)}),
        ]
        fill(client, alias, documents)
        results = search(client, alias, Query("Unfall"), vector=vector(0))
        assert [(hit.id, hit.copies) for hit in results.hits][:1] == [("best", 1)]
        assert [hit.copies for hit in results.hits] == [1, 1]
        assert (results.total, results.articles) == (2, 4)
        every = search(client, alias, Query("Unfall"), vector=vector(0), every_copy=True)
        assert (len(every.hits), every.total) == (4, 4)


def test_what_is_unlike_is_not_found(client: Elasticsearch, archive: str) -> None:
    results = search(client, archive, Query("Quark"), vector=vector(7))
    assert (results.total, results.hits) == (0, [])


def test_what_only_meaning_finds_counts_in_total_and_facets(
    client: Elasticsearch, archive: str
) -> None:
    results = search(client, archive, Query("Karambolage"), vector=vector(0))
    assert {hit.id for hit in results.hits} == {"both", "like", "away"}
    assert results.total == results.articles == 3
    assert {facet.value: facet.count for facet in results.facets["places"]} == {
        "Bonn": 2,
        "Köln": 1,
    }
    assert not results.loosened


def test_an_index_without_the_field_says_what_to_do(client: Elasticsearch) -> None:
    alias = f"h-meaning-{uuid4().hex}"
    make_without_the_field(client, alias)
    try:
        with pytest.raises(UsageError, match="depesche index migrate"):
            check_writable(client, alias, [FIELD])
        check_writable(client, alias)
        with pytest.raises(UsageError, match="depesche index migrate"):
            search(client, alias, Query("Unfall"), vector=vector(0))
        assert search(client, alias, Query("Unfall")).hits == []
    finally:
        client.indices.delete(index=alias)


def test_vectors_outlive_enrichment_and_migration(client: Elasticsearch) -> None:
    with made(client) as alias:
        fill(client, alias, [("like", {"headline": "Wagen", "meaning": vector(0)})])
        client.update(index=alias, id="like", doc={"people": ["Anna"]}, refresh=True)
        migrate(client, alias, print, force=True)
        client.indices.refresh(index=alias)
        check_writable(client, alias, [FIELD])
        assert ids(client, alias, Query("Unfall"), vector(0)) == ["like"]


def test_no_document_fails_for_want_of_the_field(client: Elasticsearch) -> None:
    alias = f"h-meaning-{uuid4().hex}"
    make_without_the_field(client, alias)
    client.indices.put_alias(index=alias, name=f"{alias}-a", is_write_index=True)
    try:
        (fate,) = create(
            client, f"{alias}-a", [("like", {"headline": "Wagen", "meaning": vector(0)})]
        )
        assert fate.result == "away"
        fill(client, f"{alias}-a", [("like", {"headline": "Wagen"})])
    finally:
        client.indices.delete(index=alias)
