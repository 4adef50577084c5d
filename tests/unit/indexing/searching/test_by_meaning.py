"""Nearest in meaning beside what the words find: with vectors of two numbers."""

from __future__ import annotations

import math

import pytest
from elasticsearch import Elasticsearch

from articles.errors import UsageError
from indexing.searching.search import Query, search
from indexing.writing.write import create
from tests.fakes.elastic import FakeElasticsearch


def _towards(degrees: float) -> list[float]:
    return [math.cos(math.radians(degrees)), math.sin(math.radians(degrees))]


@pytest.fixture
def filled(client: Elasticsearch, index: str) -> str:
    """Articles whose meaning points somewhere between 0 and 90 degrees."""
    texts = {
        "null": ("Boot", 0),
        "zehn": ("Kahn", 10),
        "zwanzig": ("Boot", 20),
        "quer": ("Berg", 90),
    }
    documents = [
        (key, {"headline": text, "meaning": _towards(angle), "story": f"s-{key}", "places": [key]})
        for key, (text, angle) in texts.items()
    ]
    copy = {"headline": "Kahn", "meaning": _towards(11), "story": "s-zehn"}
    list(create(client, index, [*documents, ("kopie", copy)], refresh=True))
    return index


def _ids(client: Elasticsearch, index: str, query: Query, *, every_copy: bool = False) -> list[str]:
    results = search(client, index, query, vector=_towards(0), every_copy=every_copy)
    return [hit.id for hit in results.hits]


def test_what_has_the_words_comes_first_then_what_is_near(
    client: Elasticsearch, filled: str
) -> None:
    ranked = _ids(client, filled, Query("Boot"))
    assert set(ranked[:2]) == {"null", "zwanzig"}
    assert ranked[2:] == ["zehn"]  # one of its story; what points elsewhere is not near


def test_copies_are_hits_of_their_own_where_that_is_asked(
    client: Elasticsearch, filled: str
) -> None:
    assert _ids(client, filled, Query("Boot"), every_copy=True)[2:] == ["zehn", "kopie"]


def test_pages_are_cut_out_of_one_order(client: Elasticsearch, filled: str) -> None:
    whole = _ids(client, filled, Query("Boot"))
    assert [_ids(client, filled, Query("Boot", size=1, offset=n))[0] for n in range(3)] == whole


def test_filters_hold_for_what_is_near_too(client: Elasticsearch, filled: str) -> None:
    assert _ids(client, filled, Query("Boot", places=("zehn",))) == ["zehn"]


def test_only_what_is_near_where_no_article_has_the_words(
    client: Elasticsearch, filled: str
) -> None:
    assert _ids(client, filled, Query("Segelschiffe")) == ["null", "zehn", "zwanzig"]


def test_where_no_article_has_all_words_both_orders_are_one(
    client: Elasticsearch, filled: str
) -> None:
    assert _ids(client, filled, Query("Boot Berg Masten")) == ["null", "zwanzig", "zehn", "quer"]


@pytest.mark.parametrize("text", ['"Boot"', "Boot OR Kahn", "Boo*", "", "Boot -Kahn"])
def test_what_asks_for_spellings_has_no_meaning(
    client: Elasticsearch, filled: str, fake: FakeElasticsearch, text: str
) -> None:
    with_vector = _ids(client, filled, Query(text))
    assert with_vector == [hit.id for hit in search(client, filled, Query(text)).hits]


def test_an_index_without_vectors_is_told(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    del fake.store.single(index).mappings["properties"]["meaning"]
    with pytest.raises(UsageError, match="index migrate"):
        search(client, index, Query("Boot"), vector=_towards(0))


def test_of_many_stories_of_one_document_nothing_is_asked_for(
    client: Elasticsearch, filled: str, fake: FakeElasticsearch
) -> None:
    stories = [f"made-up-{n:04}" for n in range(2_000)]
    forged = {"headline": "Boot", "meaning": _towards(1), "story": stories}
    list(create(client, filled, [("viele", forged)], refresh=True))
    fake.most = 20_000
    every = search(client, filled, Query("Boot"), every_copy=True)
    assert {hit.id: hit.story for hit in every.hits} == {
        "null": "s-null",
        "zwanzig": "s-zwanzig",
        "viele": stories[0],
    }
    assert set(_ids(client, filled, Query("Boot"), every_copy=True)) >= {"zehn", "kopie", "viele"}
