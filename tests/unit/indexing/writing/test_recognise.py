"""By which keys documents are known: read from an index in memory."""

from __future__ import annotations

from typing import Any

import pytest
from elasticsearch import Elasticsearch

from indexing.writing.recognise import known_as
from indexing.writing.write import create
from tests.fakes.elastic import FakeElasticsearch

KEYS = [f"t-{n:040}" for n in range(64)]


def put(client: Elasticsearch, index: str, key: str, claimed: Any) -> None:
    (fate,) = create(client, index, [(key, {"known_as": claimed})], refresh=True)
    assert fate.result == "created"


@pytest.mark.parametrize("claimed", [1, 300])
def test_what_else_a_document_claims_is_not_asked_for(
    client: Elasticsearch, index: str, fake: FakeElasticsearch, claimed: int
) -> None:
    many = [f"made-up-{n}" for n in range(claimed)]
    for number in range(len(KEYS)):
        put(client, index, f"forged-{number}", [*many, KEYS[3]])
    put(client, index, "real", [KEYS[5]])
    fake.most = 20_000
    found = known_as(client, index, KEYS)
    assert set(found) == {KEYS[3], KEYS[5]}
    assert found[KEYS[5]] == "real"
