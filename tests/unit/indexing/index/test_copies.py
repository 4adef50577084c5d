"""How many shards and replicas an index has, and should have."""

from __future__ import annotations

import pytest
from elasticsearch import Elasticsearch

from indexing.index.copies import Copies, copies_of, follow, wanted_replicas
from indexing.index.manage import create_index, index_status
from tests.fakes.elastic import FakeElasticsearch


@pytest.mark.parametrize(
    ("setting", "nodes", "now", "wanted"),
    [
        (None, 1, 0, 0),
        (None, 3, 0, 1),
        (None, 3, 2, 2),
        (None, 1, 1, 1),  # the other node may only be away
        (0, 3, 1, 0),
        (2, 1, 0, 2),
    ],
)
def test_replicas(setting: int | None, nodes: int, now: int, wanted: int) -> None:
    assert wanted_replicas(setting, nodes, now) == wanted


def test_an_index_is_made_as_the_cluster_and_the_settings_want_it(
    client: Elasticsearch, fake: FakeElasticsearch
) -> None:
    fake.store.data_nodes = 3
    create_index(client, "articles")
    create_index(client, "andere", shards=4, replicas=2)
    assert copies_of(client, "articles") == Copies(1, 1, 0, 3)
    assert copies_of(client, "andere") == Copies(4, 2, 0, 3)
    status = index_status(client, "andere")
    assert (status.shards, status.replicas) == (4, 2)


def test_an_index_follows_when_the_cluster_grows_and_when_a_setting_says_so(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    assert follow(client, index, None) is None
    fake.store.data_nodes = 2
    assert follow(client, index, None) == (0, 1)
    assert follow(client, index, None) is None
    fake.store.data_nodes = 1
    assert follow(client, index, None) is None
    assert copies_of(client, index) == Copies(1, 1, 1, 1)
    assert follow(client, index, 0) == (1, 0)
