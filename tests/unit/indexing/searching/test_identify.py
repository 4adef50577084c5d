"""Articles are meant by ids, beginnings of ids, paths and names of files."""

from __future__ import annotations

import pytest
from elasticsearch import Elasticsearch

from articles.errors import UsageError
from indexing.searching import identify as module
from indexing.searching.identify import SHORTEST, identify
from indexing.writing.write import create
from tests.fakes.elastic import FakeElasticsearch


@pytest.fixture
def index(client: Elasticsearch, index: str) -> str:
    """Four articles; two begin alike, two have a file of one name."""
    paths = {
        "t-1f0c9a": "taz/a.txt",
        "t-1f0c77": "taz/b.txt",
        "s-1f0c9a": "dpa/a.txt",
        "u-9": "dpa/c.txt",
    }
    for id_, path in paths.items():
        assert put(client, index, id_, path, refresh=True) == "created"
    return index


def put(client: Elasticsearch, index: str, id_: str, path: str, *, refresh: bool) -> str:
    source = {"path": path, "name": path.rpartition("/")[2]}
    document = {"headline": "H", "source": source, "received_at": "2024-06-19T12:00:00Z"}
    (fate,) = create(client, index, [(id_, document)], refresh=refresh)
    return fate.result


@pytest.mark.parametrize(
    ("text", "id_"),
    [
        ("t-1f0c9a", "t-1f0c9a"),
        ("u-9", "u-9"),
        ("t-1f0c9", "t-1f0c9a"),
        ("s-1f", "s-1f0c9a"),
        ("taz/b.txt", "t-1f0c77"),
        ("c.txt", "u-9"),
    ],
)
def test_one_is_meant(client: Elasticsearch, index: str, text: str, id_: str) -> None:
    assert identify(client, index, text) == id_


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "t-1f0c",
            r"any of 2 articles: t-1f0c9a \(taz/a.txt\), t-1f0c77 \(taz/b.txt\)",
        ),
        ("a.txt", r"any of 2 articles: t-1f0c9a \(taz/a.txt\), s-1f0c9a \(dpa/a.txt\)"),
        ("t-2", "There is no article t-2"),
        ("t-1", "There is no article t-1"),
        ("nichts/da.txt", "There is no article nichts/da.txt"),
        ("", "An id is missing"),
    ],
)
def test_several_and_none_are_named(
    client: Elasticsearch, index: str, text: str, says: str
) -> None:
    assert len("t-1") < SHORTEST
    with pytest.raises(UsageError, match=says):
        identify(client, index, text)


def test_all_ids_are_looked_through_page_by_page(
    client: Elasticsearch, index: str, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PAGE", 2)
    assert identify(client, index, "s-1f") == "s-1f0c9a"
    assert identify(client, index, "t-1f0c7") == "t-1f0c77"


def test_what_was_just_written_is_known_by_its_id(client: Elasticsearch, index: str) -> None:
    put(client, index, "t-neu", "neu.txt", refresh=False)
    assert identify(client, index, "t-neu") == "t-neu"


def test_no_document_is_meant_by_what_it_says_that_it_is_known_as_but_by_keys(
    client: Elasticsearch, index: str
) -> None:
    """Another client may have any document say that it is known by another's path."""
    names = ["taz/b.txt", "nirgends.txt", "s-dpa:7", "t-kopie.txt"]
    client.update(index=index, id="u-9", doc={"known_as": names})
    client.indices.refresh(index=index)
    assert identify(client, index, "taz/b.txt") == "t-1f0c77"
    assert identify(client, index, "s-dpa:7") == "u-9"
    with pytest.raises(UsageError, match="There is no article nirgends"):
        identify(client, index, "nirgends.txt")
    put(client, index, "t-2", "t-kopie.txt", refresh=True)
    with pytest.raises(UsageError, match=r"t-kopie.txt may be any of 2 articles"):
        identify(client, index, "t-kopie.txt")


def test_what_is_longer_than_any_name_is_none(client: Elasticsearch, index: str) -> None:
    """Elasticsearch would refuse to look for it."""
    with pytest.raises(UsageError, match="no id and no path is so long"):
        identify(client, index, "a" * 40_000)
