"""Articles like one, versions of a story, and one hit a story, on a real Elasticsearch."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from extraction.errors import Misuse
from indexing.collapse import copies, divided, merged
from indexing.manage import create_index
from indexing.mapping import MAPPING_VERSION
from indexing.query import Query, clauses
from indexing.similar import similar, versions
from indexing.write import create
from tests.commands import Command
from tests.hand_made import PAKT, fill
from tests.processes import Processes
from worker.house import House

SORT: list[dict[str, Any]] = [
    {"_score": "desc"},
    {"published": {"order": "desc", "missing": "_last"}},
]


@pytest.fixture(scope="module")
def index(client: Elasticsearch) -> Iterator[str]:
    alias = f"h-ents-{uuid4().hex}"
    create_index(client, alias)
    yield alias
    client.indices.delete(index=f"{alias}-v{MAPPING_VERSION}")


@pytest.fixture(scope="module")
def ids(client: Elasticsearch, index: str) -> dict[str, str]:
    found = fill(client, index)
    waiting = [
        (f"wartet-{n}", {"headline": f"Verteidigungspakt, Meldung {n}", "body": "Ein Pakt."})
        for n in range(2)
    ]
    assert {fate.result for fate in create(client, index, waiting)} == {"created"}
    client.indices.refresh(index=index)
    return found


def test_the_like_is_found_and_the_story_left_out(
    client: Elasticsearch, index: str, ids: dict[str, str]
) -> None:
    found = [one.id for one in similar(client, index, ids[PAKT])]
    assert found[0] == ids["hanoi"]
    assert not {ids[PAKT], ids["pakt-spaeter"]} & set(found)


def test_of_another_story_one_version_is_given(
    client: Elasticsearch, index: str, ids: dict[str, str]
) -> None:
    found = [one.id for one in similar(client, index, ids["hanoi"])]
    assert len({ids[PAKT], ids["pakt-spaeter"]} & set(found)) == 1
    assert len(similar(client, index, ids["hanoi"], size=1)) == 1


def test_versions_of_a_story(client: Elasticsearch, index: str, ids: dict[str, str]) -> None:
    both = {ids[PAKT], ids["pakt-spaeter"]}
    for name in (PAKT, "pakt-spaeter"):
        assert {one.id for one in versions(client, index, ids[name])} == both
    assert [one.id for one in versions(client, index, ids["moskau"])] == [ids["moskau"]]
    assert [one.id for one in versions(client, index, "wartet-0")] == ["wartet-0"]


def test_an_article_without_enrichment_has_its_like(
    client: Elasticsearch, index: str, ids: dict[str, str]
) -> None:
    assert similar(client, index, "wartet-0")


def test_an_unknown_article_is_refused(client: Elasticsearch, index: str) -> None:
    with pytest.raises(Misuse, match="There is no article x"):
        similar(client, index, "x")
    with pytest.raises(Misuse, match="There is no article x"):
        versions(client, index, "x")


def _collapsed(
    client: Elasticsearch, index: str, text: str, start: int, size: int
) -> tuple[list[dict[str, Any]], int]:
    body = {"query": clauses(Query(text), []), "sort": SORT, "from": start, "size": size}
    answers = client.msearch(index=index, searches=divided(body))["responses"]
    return merged(answers, start, size)


def test_copies_stand_behind_the_best_and_waiting_articles_stand_alone(
    client: Elasticsearch, index: str, ids: dict[str, str]
) -> None:
    everything = client.search(index=index, query=clauses(Query("Verteidigungspakt"), []), size=50)
    alone = {hit["_id"] for hit in everything["hits"]["hits"]}
    assert {ids[PAKT], ids["pakt-spaeter"], ids["hanoi"], "wartet-0", "wartet-1"} <= alone
    hits, total = _collapsed(client, index, "Verteidigungspakt", 0, 50)
    assert total == len(hits) == len(alone) - 1
    behind = {hit["_id"]: copies(hit) for hit in hits}
    assert sorted(behind.values()) == [0] * (total - 1) + [1]
    scores = [hit["sort"][0] for hit in hits]
    assert scores == sorted(scores, reverse=True)


def test_pages_of_stories_neither_repeat_nor_miss(
    client: Elasticsearch, index: str, ids: dict[str, str]
) -> None:
    whole, total = _collapsed(client, index, "Verteidigungspakt", 0, 50)
    paged = [
        hit["_id"]
        for start in range(0, total, 2)
        for hit in _collapsed(client, index, "Verteidigungspakt", start, 2)[0]
    ]
    assert paged == [hit["_id"] for hit in whole]


def test_on_the_command_line(house: House, processes: Processes) -> None:
    ids = fill(house.client, house.settings.index)
    depesche = Command(processes)
    assert "Putin zu Gast in Hanoi" in depesche("similar", ids[PAKT])
    assert len(json.loads(depesche("story", ids[PAKT], "--json"))) == 2
    assert "besiegeln Pakt" in depesche("story", ids[PAKT])
    assert "There is no article x." in depesche("similar", "x", status=2)
    depesche("story", "x", status=2)
