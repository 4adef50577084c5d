"""Articles like one, versions of a story, and one hit a story, on a real Elasticsearch."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from articles.errors import UsageError
from indexing.index.manage import create_index
from indexing.index.mapping import MAPPING_VERSION
from indexing.searching.search import Query, Results, pages, search
from indexing.searching.similar import similar, versions
from indexing.writing.stored import fetch_texts
from indexing.writing.write import Update, create, enriched
from tests.commands import Command
from tests.hand_made import PAKT, fill
from tests.integration.conftest import filled
from tests.processes import Processes
from worker.container import Container
from worker.enrichment.stories import Stories
from worker.enrichment.stories_again import StoriesAgain

PAKTE = Query("Verteidigungspakt", size=50)


@pytest.fixture(scope="module")
def index(client: Elasticsearch) -> Iterator[str]:
    alias = f"h-ents-{uuid4().hex}"
    create_index(client, alias)
    yield alias
    client.indices.delete(index=f"{alias}-v{MAPPING_VERSION}")


@pytest.fixture(scope="module")
def ids(client: Elasticsearch, index: str) -> dict[str, str]:
    by_name = fill(client, index)
    waiting = [
        (f"wartet-{n}", {"headline": f"Verteidigungspakt, Meldung {n}", "body": "Ein Pakt."})
        for n in range(2)
    ]
    assert {fate.result for fate in create(client, index, waiting)} == {"created"}
    client.indices.refresh(index=index)
    return by_name


def test_the_like_is_found_and_the_story_left_out(
    client: Elasticsearch, index: str, ids: dict[str, str]
) -> None:
    like = [hit.id for hit in similar(client, index, ids[PAKT])]
    assert like[0] == ids["hanoi"]
    assert not {ids[PAKT], ids["pakt-spaeter"]} & set(like)


def test_of_another_story_one_version_is_given(
    client: Elasticsearch, index: str, ids: dict[str, str]
) -> None:
    like = [hit.id for hit in similar(client, index, ids["hanoi"])]
    assert len({ids[PAKT], ids["pakt-spaeter"]} & set(like)) == 1
    assert len(similar(client, index, ids["hanoi"], size=1)) == 1


def test_versions_of_a_story(client: Elasticsearch, index: str, ids: dict[str, str]) -> None:
    both = {ids[PAKT], ids["pakt-spaeter"]}
    for name in (PAKT, "pakt-spaeter"):
        assert {version.id for version in versions(client, index, ids[name])} == both
    assert [version.id for version in versions(client, index, ids["moskau"])] == [ids["moskau"]]
    assert [version.id for version in versions(client, index, "wartet-0")] == ["wartet-0"]


def test_an_article_without_enrichment_has_its_like(
    client: Elasticsearch, index: str, ids: dict[str, str]
) -> None:
    assert similar(client, index, "wartet-0")


def test_an_unknown_article_is_refused(client: Elasticsearch, index: str) -> None:
    with pytest.raises(UsageError, match="There is no article x"):
        similar(client, index, "x")
    with pytest.raises(UsageError, match="There is no article x"):
        versions(client, index, "x")


def test_copies_stand_behind_the_best_and_waiting_articles_stand_alone(
    client: Elasticsearch, index: str, ids: dict[str, str]
) -> None:
    everything = search(client, index, PAKTE, every_copy=True)
    alone = {hit.id for hit in everything.hits}
    assert {ids[PAKT], ids["pakt-spaeter"], ids["hanoi"], "wartet-0", "wartet-1"} <= alone
    assert everything.total == everything.articles == len(alone)
    assert {hit.copies for hit in everything.hits} == {0}
    results = search(client, index, PAKTE)
    assert results.total == len(results.hits) == len(alone) - 1
    assert results.articles == len(alone)
    assert results.facets == everything.facets
    assert sorted(hit.copies for hit in results.hits) == [0] * (results.total - 1) + [1]
    scores = [hit.score for hit in results.hits]
    assert scores == sorted(scores, reverse=True)
    ranks = [hit.id for hit in everything.hits]
    assert [hit.id for hit in results.hits] == [id_ for id_ in ranks if id_ in scored(results)]


def scored(results: Results) -> set[str]:
    return {hit.id for hit in results.hits}


@pytest.mark.parametrize("every_copy", [True, False])
def test_pages_stay_as_they_are_while_articles_come(
    client: Elasticsearch, index: str, ids: dict[str, str], every_copy: bool
) -> None:
    whole = [hit.id for hit in search(client, index, PAKTE, every_copy=every_copy).hits]
    paged: list[str] = []
    late = f"spaet-{every_copy}"
    small = replace(PAKTE, size=2)
    for number, page in enumerate(pages(client, index, small, every_copy=every_copy)):
        paged += [hit.id for hit in page.hits]
        assert page.total == len(whole)
        if not number:
            create_one(client, index, late)
    assert paged == whole
    (nothing,) = pages(client, index, Query("Einhorn"))
    assert (nothing.total, nothing.hits) == (0, [])
    (all_at_once,) = pages(client, index, replace(PAKTE, size=10_000), every_copy=every_copy)
    assert len(all_at_once.hits) == all_at_once.total == len(whole) + 1
    number = len(list(pages(client, index, replace(PAKTE, size=1), every_copy=every_copy)))
    assert number == len(whole) + 1
    assert late in {hit.id for hit in search(client, index, PAKTE).hits}


def create_one(client: Elasticsearch, index: str, key: str) -> None:
    document = {"headline": "Verteidigungspakt Verteidigungspakt", "published": "2030"}
    assert [fate.result for fate in create(client, index, [(key, document)])] == ["created"]
    client.indices.refresh(index=index)


BRIDGE = (
    "Der Stadtrat hat am Donnerstag den Bau einer neuen Brücke über den Fluss beschlossen. Die "
    "Arbeiten sollen im Frühjahr beginnen und drei Jahre dauern, sagte die Baudezernentin."
)
FREIGHTER = (
    "Im Hafen ist ein Frachter mit Getreide eingelaufen, der seit Wochen auf einen Liegeplatz "
    "gewartet hatte. Die Reederei sprach von Schäden in Millionenhöhe und will den Hafen verklagen."
)


def test_a_text_that_holds_two_articles_hides_neither(client: Elasticsearch) -> None:
    bodies = {
        "review": f"{BRIDGE}\n\n{FREIGHTER}",
        "bridge": BRIDGE,
        "freighter": FREIGHTER,
        "copy": f"{FREIGHTER} Mehr folgt.",
    }
    headlines = {
        "review": "Brücke am Fluss, Frachter im Hafen",
        "bridge": "Stadtrat beschließt neue Brücke",
        "freighter": "Frachter mit Getreide eingelaufen",
        "copy": "Reederei will den Hafen verklagen",
    }
    texts = {id_: f" date 2024-06-20 {headlines[id_]}\n\n{body}" for id_, body in bodies.items()}
    with filled(client, texts) as index:
        _write_stories(client, index, {id_: id_ for id_ in texts})  # none saw the others
        _look_again(client, index, list(texts))
        first = _stories(client, index)
        assert first["freighter"] == first["copy"] != first["bridge"]
        _write_stories(client, index, dict.fromkeys(texts, "bridge"))  # as an older version did
        assert search(client, index, Query("Stadtrat Reederei")).total == 1
        for id_ in texts:
            _put_into_stories(client, index, [id_])
            client.indices.refresh(index=index)
        expected = {"review": "bridge", "bridge": "bridge"}
        expected |= {"freighter": "freighter", "copy": "freighter"}
        assert _stories(client, index) == expected
        shown = {hit.id for hit in search(client, index, Query("Frachter")).hits}
        assert shown & {"freighter", "copy"}


def _put_into_stories(client: Elasticsearch, index: str, ids: list[str]) -> None:
    fields = Stories(lambda: client, index).join(fetch_texts(client, index, ids))
    _write_stories(client, index, {id_: of["story"] for id_, of in fields.items()})


def _look_again(client: Elasticsearch, index: str, ids: list[str]) -> None:
    documents = fetch_texts(client, index, ids)
    StoriesAgain(lambda: client, index).look(
        {
            d.id: {"story": d.story, "signature": d.signature, "minhash": d.minhash}
            for d in documents
        }
    )
    client.indices.refresh(index=index)


def _write_stories(client: Elasticsearch, index: str, stories: dict[str, str]) -> None:
    documents = fetch_texts(client, index, list(stories))
    updates = [Update(d.id, d.seq_no, d.primary_term, {"story": stories[d.id]}) for d in documents]
    assert {fate.result for fate in enriched(client, index, updates)} == {"updated"}
    client.indices.refresh(index=index)


def _stories(client: Elasticsearch, index: str) -> dict[str, str]:
    return {
        d.id: d.story for d in fetch_texts(client, index, ["review", "bridge", "freighter", "copy"])
    }


def test_on_the_command_line(container: Container, processes: Processes) -> None:
    ids = fill(container.client, container.settings.index)
    depesche = Command(processes)
    assert "Putin zu Gast in Hanoi" in depesche("similar", ids[PAKT])
    assert len(json.loads(depesche("story", ids[PAKT], "--json"))) == 2
    assert "besiegeln Pakt" in depesche("story", ids[PAKT])
    assert "There is no article x:" in depesche("similar", "x", status=2)
    depesche("story", "x", status=2)
