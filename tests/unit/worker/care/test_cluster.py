"""What ``status`` says of an Elasticsearch of several nodes."""

from __future__ import annotations

import pytest
from pydantic import SecretStr

from indexing.index.copies import Copies
from tasks.settings import Settings
from tests.fakes.elastic import FakeElasticsearch
from tests.fakes.parts import FakeContainer
from worker.care.cluster import addresses, told
from worker.container import Container


@pytest.mark.parametrize(
    ("copies", "kinds"),
    [
        (Copies(1, 0, 0, 1), []),
        (Copies(1, 0, 0, 3), ["replicas"]),
        (Copies(1, 1, 1, 1), ["unassigned"]),
        (Copies(1, 1, 0, 3), []),
    ],
)
def test_what_is_told_without_settings(copies: Copies, kinds: list[str]) -> None:
    assert [note.kind for note in told(copies, Settings())] == kinds


def test_what_is_told_of_settings_that_the_index_does_not_follow_yet() -> None:
    notes = list(told(Copies(1, 0, 0, 3), Settings(shards=3, replicas=2)))
    assert [note.kind for note in notes] == ["replicas", "shards"]
    assert notes[0].text == (
        "the index has 0 replicas of each shard instead of 2 (the cluster has 3 data nodes)"
    )


def test_an_address_that_does_not_answer_is_named_without_its_password(
    container: FakeContainer, fake: FakeElasticsearch
) -> None:
    assert list(addresses(container)) == []
    several = SecretStr(f"{fake.url},http://u:geheim@127.0.0.1:1")
    parts = Container(container.settings.model_copy(update={"elasticsearch_url": several}))
    (note,) = addresses(parts)
    assert note.items == ("http://***@127.0.0.1:1",)
    assert note.text.startswith("1 of 2 Elasticsearch addresses")
    assert note.wrong
