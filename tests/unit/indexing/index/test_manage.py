"""The index behind its alias: making it, where it stands, whether it takes writes."""

from __future__ import annotations

import pytest
from elasticsearch import Elasticsearch

from articles.errors import ServiceUnavailable, UsageError
from indexing.index import mapping
from indexing.index.connect import connect, server_version
from indexing.index.manage import concrete_of, create_index, family, index_status
from indexing.index.ready import check_field, check_writable
from indexing.writing.write import create
from tests.fakes.elastic import FakeElasticsearch

CONCRETE = f"articles-v{mapping.MAPPING_VERSION}"


def test_an_index_is_made_once_with_its_alias(
    client: Elasticsearch, fake: FakeElasticsearch
) -> None:
    assert concrete_of(client, "articles") is None
    assert create_index(client, "articles", refresh_interval="5s")
    assert not create_index(client, "articles")
    assert concrete_of(client, "articles") == CONCRETE
    made = fake.store.indices[CONCRETE]
    assert made.mappings == mapping.mappings()
    assert made.settings["index.refresh_interval"] == "5s"


def test_where_another_process_is_quicker_that_is_well(
    client: Elasticsearch, fake: FakeElasticsearch
) -> None:
    with connect(fake.url) as other:
        fake.before("PUT /articles", lambda: create_index(other, "articles"))
        assert not create_index(client, "articles")


def test_an_index_without_its_alias_is_a_person_s_business(client: Elasticsearch) -> None:
    client.indices.create(index=CONCRETE)
    with pytest.raises(UsageError, match="put the alias back"):
        create_index(client, "articles")


def test_what_cannot_be_made_is_told(client: Elasticsearch, fake: FakeElasticsearch) -> None:
    fake.refuse("PUT /articles", 400, "illegal_argument_exception")
    with pytest.raises(UsageError, match="cannot be made"):
        create_index(client, "articles")


def test_an_index_is_no_alias(client: Elasticsearch) -> None:
    client.indices.create(index="plain")
    with pytest.raises(UsageError, match="is an index and not an alias"):
        concrete_of(client, "plain")


def test_an_alias_of_several_is_told(client: Elasticsearch) -> None:
    for name in ("a", "b"):
        client.indices.create(index=name, aliases={"both": {}})
    with pytest.raises(UsageError, match="several indices: a, b"):
        concrete_of(client, "both")


def test_the_status_says_how_it_stands(client: Elasticsearch, index: str) -> None:
    list(create(client, index, [("a", {"headline": "x"})], refresh=True))
    status = index_status(client, index)
    assert (status.alias, status.concrete, status.documents) == (index, CONCRETE, 1)
    assert (status.version, status.current, status.writable) == (
        mapping.MAPPING_VERSION,
        True,
        True,
    )
    assert status.size > 0
    assert status.others == ()


def test_the_status_of_what_is_old_blocked_and_not_alone(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    for name in ("articles-v1", "articles-v2-7", "articles-v1x", "articles-vorher"):
        client.indices.create(index=name)
    fake.store.single(index).mappings["_meta"] = {"version": 1, "sha256": "old"}
    client.indices.add_block(index=index, block="write")
    status = index_status(client, index)
    assert (status.version, status.current, status.writable) == (1, False, False)
    assert status.others == ("articles-v1", "articles-v2-7")
    assert set(family(client, index)) == {CONCRETE, *status.others}


def test_there_is_no_status_without_the_alias(client: Elasticsearch) -> None:
    with pytest.raises(UsageError, match="depesche index create"):
        index_status(client, "articles")


def test_an_index_that_takes_writes(client: Elasticsearch, index: str) -> None:
    check_writable(client, index, ["meaning"])


def test_a_block_holds_writes_off(client: Elasticsearch, index: str) -> None:
    client.indices.add_block(index=index, block="write")
    with pytest.raises(ServiceUnavailable, match=r"index\.blocks\.write"):
        check_writable(client, index)


def test_an_older_mapping_needs_a_person(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    fake.store.single(index).mappings["_meta"] = {"version": mapping.MAPPING_VERSION - 1}
    with pytest.raises(UsageError, match="depesche index migrate"):
        check_writable(client, index)
    fake.store.single(index).mappings["_meta"] = {"version": "x"}  # another client's
    with pytest.raises(UsageError, match="depesche index migrate"):
        check_writable(client, index)
    fake.store.single(index).mappings["_meta"] = {}  # made by hand: not ours to judge
    check_writable(client, index)


def test_a_field_that_a_setting_asks_for(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    check_field(client, index, "meaning")
    del fake.store.single(index).mappings["properties"]["meaning"]
    with pytest.raises(UsageError, match="DEPESCHE_MEANING"):
        check_writable(client, index, ["meaning"])


def test_without_the_alias_nothing_can_be_written(client: Elasticsearch) -> None:
    with pytest.raises(UsageError, match="depesche index create"):
        check_writable(client, "articles")


def test_the_server_tells_its_version_or_is_away(
    client: Elasticsearch, fake: FakeElasticsearch
) -> None:
    assert server_version(client) == "9.4.0"
    fake.go_away()
    with pytest.raises(ServiceUnavailable, match="does not answer"):
        server_version(client)


@pytest.mark.parametrize("url", ["nirgends", "http://u:geheim@"])
def test_an_address_that_is_none_is_told_without_its_password(url: str) -> None:
    with pytest.raises(UsageError) as told:
        connect(url)
    assert "geheim" not in str(told.value)
