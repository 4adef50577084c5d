"""The Elasticsearch in memory of the unit tests finds and counts what a genuine one does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from indexing.entities.entity import Entity, entity
from indexing.entities.ranking import ranking
from indexing.entities.surnames import bearers
from indexing.entities.timeline import timeline
from indexing.index.connect import connect
from indexing.index.manage import create_index
from indexing.searching.named import nearest_names
from indexing.searching.search import Query, search
from indexing.searching.similar import versions
from indexing.searching.suggest import suggest
from indexing.writing import states
from tests.fakes import elastic
from tests.hand_made import KIM, PAKT, PUTIN, fill

Where = tuple[Elasticsearch, str]


@pytest.fixture(scope="module")
def genuine(client: Elasticsearch) -> Iterator[Where]:
    """A genuine server with the archive."""
    alias = f"depesche-test-{uuid4().hex}"
    create_index(client, alias)
    fill(client, alias)
    yield client, alias
    for name in client.indices.get(index=f"{alias}*"):
        client.indices.delete(index=name)


@pytest.fixture(scope="module")
def fake() -> Iterator[Where]:
    """The one in memory with the same."""
    with elastic.running() as server, connect(server.url) as client:
        create_index(client, "articles")
        fill(client, "articles")
        yield client, "articles"


@pytest.mark.parametrize("every_copy", [True, False])
@pytest.mark.parametrize(
    "query",
    [
        Query(size=100),
        Query("Verträge"),
        Query("Vertrag Vietnam"),
        Query("Verteidigungspakt"),
        Query('"wirbt in Vietnam"'),
        Query("Putin -Hanoi"),
        Query("Hanoi OR vereidigt"),
        Query("Öl near Getreide"),
        Query("Vereid*"),
        Query("Vereidigd"),
        Query("Hanoi Vietnam Getreide Raumschiff"),
        Query("Xylophonist Quantenschaum"),
        Query(people=("Putin",)),
        Query(people=("Wladimr Putin",)),
        Query("quoted:Putin in:2024-06"),
        Query(places=("Moskau",), since="2024-05", until="2024-05-31"),
    ],
    ids=str,
)
def test_searches(genuine: Where, fake: Where, query: Query, every_copy: bool) -> None:
    theirs, ours = (search(*where, query, every_copy=every_copy) for where in (genuine, fake))
    assert (ours.total, ours.articles) == (theirs.total, theirs.articles)
    # Of a story the best is shown, and which that is depends on how well each matches.
    assert {hit.story for hit in ours.hits} == {hit.story for hit in theirs.hits}
    assert {hit.copies for hit in ours.hits} == {hit.copies for hit in theirs.hits}
    assert ours.facets == theirs.facets
    assert (ours.respelled, ours.loosened) == (theirs.respelled, theirs.loosened)
    assert (ours.did_you_mean, ours.hints) == (theirs.did_you_mean, theirs.hints)


def _named_terms(where: Where) -> dict[str, list[str]]:
    """Which of several names are in which article."""
    each = [{"term": {"people": {"value": name, "_name": name}}} for name in (PUTIN, KIM, "Un")]
    query = {"bool": {"filter": {"bool": {"should": each}}}}
    hits = where[0].search(index=where[1], query=query, size=100)["hits"]["hits"]
    assert hits
    return {hit["_source"]["source"]["path"]: sorted(hit["matched_queries"]) for hit in hits}


LOOKS: dict[str, Callable[[Where], object]] = {
    "suggest": lambda where: suggest(*where, "haßl", "person"),
    "suggest two words": lambda where: suggest(*where, "wlad put", "person"),
    "nearest names": lambda where: nearest_names(*where, "places", "Nordkoera"),
    "entity": lambda where: _entity(where, PUTIN),
    "organisation": lambda where: _entity(where, "Europäische Union"),
    "timeline": lambda where: timeline(*where, {"match_all": {}}, PUTIN, interval="day"),
    "ranking": lambda where: ranking(*where, "person", since="2024-06", until="2024-06"),
    "surnames": lambda where: bearers(*where, [("Putin", "2024"), ("Kim", ""), ("Un", "2001")]),
    "counts": lambda where: states.counts(*where),
    "named terms": _named_terms,
    "versions": lambda where: [v.id for v in versions(*where, _id(where, PAKT))],
}


def _entity(where: Where, name: str) -> Entity:
    """With what is equally related in one order: which that is differs."""
    known = entity(*where, name)
    assert known
    lists = {"people": known.people, "organisations": known.organisations, "places": known.places}
    in_order = {kind: sorted(related, key=lambda r: r.name) for kind, related in lists.items()}
    return replace(known, **in_order)  # type: ignore[arg-type]


def _id(where: Where, name: str) -> str:
    query = {"term": {"source.path": f"{name}.txt"}}
    (hit,) = where[0].search(index=where[1], query=query)["hits"]["hits"]
    return str(hit["_id"])


@pytest.mark.parametrize("name", LOOKS)
def test_looks(genuine: Where, fake: Where, name: str) -> None:
    assert LOOKS[name](fake) == LOOKS[name](genuine)
