"""Entities as results, on a real Elasticsearch."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from articles.errors import UsageError
from indexing.entities.entity import Entity, entity
from indexing.entities.entity_roles import ObservedRole
from indexing.entities.ranking import Ranked, ranking
from indexing.index.manage import create_index
from indexing.index.mapping import MAPPING_VERSION
from indexing.searching.results import Bucket
from tests.commands import Command
from tests.hand_made import KIM, PUTIN, fill
from tests.processes import Processes
from worker.container import Container


@pytest.fixture(scope="module")
def index(client: Elasticsearch) -> Iterator[str]:
    alias = f"h-ents-{uuid4().hex}"
    create_index(client, alias)
    fill(client, alias)
    yield alias
    client.indices.delete(index=f"{alias}-v{MAPPING_VERSION}")


@pytest.fixture(scope="module")
def putin(client: Elasticsearch, index: str) -> Entity:
    profile = entity(client, index, "wladimir putin")
    assert profile is not None
    return profile


def test_a_name_is_found_in_any_case_and_its_kind_told(putin: Entity) -> None:
    assert (putin.name, putin.kind, putin.articles) == (PUTIN, "person", 5)


def test_articles_over_time_without_gaps_and_without_vague_dates(putin: Entity) -> None:
    assert putin.interval == "month"
    assert putin.over_time == [Bucket("2024-05", 1), Bucket("2024-06", 3)]
    assert putin.last == "2024-06-20"


def test_roles_and_forms_are_counted(putin: Entity) -> None:
    assert putin.roles == [
        ObservedRole("Präsident", "Russland", 2, "2024-06-20"),
        ObservedRole("Präsident", "", 1, "2024-06-19"),
    ]
    assert putin.variants == [
        Bucket("Wladimir Putin", 4),
        Bucket("Putin", 3),
        Bucket("Putins", 1),
    ]


def test_company_is_what_is_unusual_and_never_the_entity_itself(putin: Entity) -> None:
    assert KIM in {companion.name for companion in putin.people}
    assert PUTIN not in {companion.name for companion in putin.people}
    places = {companion.name: companion for companion in putin.places}
    assert (places["Russland"].together, places["Russland"].articles) == (4, 4)
    assert "Brüssel" not in places


def test_quotes_by_and_about_are_told_apart(putin: Entity) -> None:
    assert [quote.text for quote in putin.said] == [
        "Wir sind gekommen, um zu bleiben.",
        "Wir stehen einander bei.",
    ]
    (about,) = putin.about
    assert about.speaker == "Hanna Reuter"
    assert about.published == "2024-06-19"


def test_the_kind_can_be_chosen(client: Elasticsearch, index: str) -> None:
    place = entity(client, index, "Russland", "place")
    assert place is not None
    assert place.articles == 4
    assert entity(client, index, "Russland", "person") is None
    assert entity(client, index, "Einhorn") is None
    assert entity(client, index, "  ") is None
    with pytest.raises(UsageError, match="no entities of kind"):
        entity(client, index, "Russland", "thing")


def test_no_quotes_where_none_are_wanted(client: Elasticsearch, index: str) -> None:
    profile = entity(client, index, PUTIN, quotes=0)
    assert profile is not None
    assert (profile.said, profile.about) == ([], [])


def test_the_ranking_counts_a_window_and_the_one_before(client: Elasticsearch, index: str) -> None:
    ranked = ranking(client, index, "person", "2024-06", "2024-06", size=1)
    # The article known by its year alone may be of either month.
    assert ranked.names == [Ranked(PUTIN, 4, 2)]
    assert ranked.names[0].trend == 2
    assert ranked.window == ("2024-06-01", "2024-06-30")
    assert ranked.window_before == ("2024-05-02", "2024-05-31")
    everything = ranking(client, index, "place")
    assert everything.names[0] == Ranked("Russland", 4, None)
    assert everything.window_before is None


def test_an_empty_window_ranks_nothing(client: Elasticsearch, index: str) -> None:
    ranked = ranking(client, index, "person", "1800", "1801")
    assert (ranked.articles, ranked.names) == (0, [])
    open_end = ranking(client, index, "person", "2030", today=date(2026, 1, 1))
    assert open_end.names == []
    for wrong in ({"since": "soon"}, {"size": 0}, {"since": "2024", "until": "2023"}):
        with pytest.raises(UsageError):
            ranking(client, index, "person", **wrong)


def test_on_the_command_line(container: Container, processes: Processes) -> None:
    fill(container.client, container.settings.index)
    depesche = Command(processes)
    shown = depesche("entity", "Wladimir Putin")
    assert "Präsident (Russland) in 2" in shown
    assert "2024-06       3" in shown
    assert json.loads(depesche("entity", "Russland", "--json"))["kind"] == "place"
    assert depesche("entity", "Putin").startswith("Wladimir Putin is meant by 'Putin' here.")
    assert "Did you mean Wladimir Putin (5)?" in depesche("entity", "Vladimir Puttin", status=1)
    assert "No article names 'Einhorn'." in depesche("entity", "Einhorn", status=1)
    depesche("entity", "x", "--type", "thing", status=2)
    listed = depesche("entities", "list", "--from", "2024-06", "--to", "2024-06")
    assert "+2" in listed
    ranked = json.loads(depesche("entities", "list", "--type", "place", "--size", "1", "--json"))
    assert ranked["names"] == [{"name": "Russland", "articles": 4, "before": None, "trend": None}]
    depesche("entities", "list", "--from", "soon", status=2)
    depesche("entities", "list", "--from", "1800", "--to", "1801", status=1)
