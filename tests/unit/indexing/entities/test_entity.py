"""What the archive knows of a name, and which names it speaks of most: on a small archive."""

from __future__ import annotations

from datetime import date

import pytest
from elasticsearch import Elasticsearch

from articles.errors import ServiceUnavailable, UsageError
from indexing.entities.entity import Entity, entity
from indexing.entities.entity_quotes import about, by
from indexing.entities.ranking import ranking
from indexing.writing.write import create
from tests.fakes.elastic import FakeElasticsearch
from tests.hand_made import KIM, PUTIN, fill

Where = tuple[Elasticsearch, str]


@pytest.fixture
def ids(client: Elasticsearch, index: str) -> dict[str, str]:
    return fill(client, index)


@pytest.fixture
def where(client: Elasticsearch, index: str, ids: dict[str, str]) -> Where:
    return client, index


@pytest.fixture
def putin(where: Where) -> Entity:
    known = entity(*where, PUTIN.upper())
    assert known
    return known


def test_a_name_is_known_in_any_case_in_its_kind(putin: Entity) -> None:
    assert (putin.name, putin.kind, putin.articles) == (PUTIN, "person", 5)


def test_its_articles_over_time_without_gaps(putin: Entity) -> None:
    assert (putin.first, putin.last, putin.interval) == ("2024-01-01", "2024-06-20", "month")
    assert [(entry.value, entry.count) for entry in putin.over_time] == [
        ("2024-05", 1),
        ("2024-06", 3),
    ]


def test_a_long_time_is_counted_by_years(where: Where) -> None:
    documents = [
        (str(year), {"people": ["Ida Alt"], "published_day": f"{year}-03-01"})
        for year in (1990, 1996)
    ]
    list(create(*where, documents, refresh=True))
    known = entity(*where, "Ida Alt")
    assert known
    assert known.interval == "year"
    counts = [(entry.value, entry.count) for entry in known.over_time]
    assert counts == [(str(year), int(year in {1990, 1996})) for year in range(1990, 1997)]


def test_roles_and_forms_are_the_most_frequent_first(putin: Entity) -> None:
    first, second = putin.roles
    assert (first.role, first.of, first.articles, first.last) == (
        "Präsident",
        "Russland",
        2,
        "2024-06-20",
    )
    assert (second.of, second.articles) == ("", 1)
    assert [(entry.value, entry.count) for entry in putin.variants] == [
        (PUTIN, 4),
        ("Putin", 3),
        ("Putins", 1),
    ]


def test_related_are_those_named_with_it_more_often_than_usual(putin: Entity) -> None:
    (kim,) = putin.people
    assert (kim.name, kim.together, kim.articles) == (KIM, 2, 2)
    assert [(entry.name, entry.together) for entry in putin.places[:2]] == [
        ("Russland", 4),
        ("Nordkorea", 3),
    ]
    assert putin.organisations == []


def test_lines_of_results_keep_no_company(where: Where) -> None:
    names = [f"Club {letter}" for letter in "abcdefghijkl"]
    lines = [f"{name} 3:2{names[0]}" for name in names] + ["Islanders 4 : 1 Senators"]
    document = {"people": ["Ida Alt"], "organisations": [*lines, *names]}
    enriched = document | {"enrichment": {"state": "enriched"}}
    list(create(*where, [("x", enriched)], refresh=True))
    known = entity(*where, "Ida Alt")
    assert known
    company = [name.name for name in known.organisations]
    assert company
    assert set(company) <= set(names)


@pytest.mark.parametrize("state", ["pending", "failed"])
def test_a_name_is_never_in_more_articles_with_it_than_there_are(
    where: Where, fake: FakeElasticsearch, state: str
) -> None:
    client, index = where
    store = fake.store.single(index)
    having = [id_ for id_, document in store.documents.items() if document.source.get("people")]
    for id_ in having[1:]:  # they are to be read again
        store.update(id_, {"enrichment": {"state": state}})
    client.indices.refresh(index=index)
    known = entity(client, index, PUTIN)
    assert known
    for name in [*known.people, *known.organisations, *known.places]:
        assert name.together <= name.articles
    assert ("Russland", 4) in [(name.name, name.together) for name in known.places]


def test_what_it_said_and_what_others_say_of_it(putin: Entity, ids: dict[str, str]) -> None:
    assert [(entry.text, entry.id) for entry in putin.said] == [
        ("Wir sind gekommen, um zu bleiben.", ids["hanoi"]),
        ("Wir stehen einander bei.", ids["2024-06-19-verteidigungspakt"]),
    ]
    (other,) = putin.about
    assert (other.speaker, "Putin" in other.text) == ("Hanna Reuter", True)


def test_what_it_says_of_itself_is_not_about_it(where: Where) -> None:
    quotes = [
        {"text": "Putin hält Wort.", "speaker": PUTIN},
        {"text": "Putin zögert.", "speaker": KIM},
    ]
    document = {"people": [PUTIN], "quotes": quotes, "published_day": "2030-01-01"}
    list(create(*where, [("x", document)], refresh=True))
    newest = about(*where, "people", [PUTIN, "Putin"], 1)
    assert [(saying.text, saying.speaker) for saying in newest] == [("Putin zögert.", KIM)]
    assert by(*where, PUTIN, 1)[0].text == "Putin hält Wort."


def test_no_more_quotes_than_asked_for(where: Where) -> None:
    known = entity(*where, PUTIN, quotes=1)
    assert known
    assert len(known.said) == 1
    assert by(*where, PUTIN, 0) == []
    assert about(*where, "people", ["Xi"], 9) == []  # so short a name names too much


def test_others_of_the_same_surname_are_seen_beside_it(where: Where) -> None:
    list(create(*where, [("x", {"people": ["Ljudmila Putina"]})], refresh=True))
    known = entity(*where, PUTIN)
    assert known
    assert [(entry.value, entry.count) for entry in known.alike] == [("Ljudmila Putina", 1)]


def test_the_kind_in_which_it_is_most_frequent_or_the_one_asked_for(where: Where) -> None:
    documents = [(f"o{n}", {"organisations": ["Russland"]}) for n in range(2)]
    list(create(*where, documents, refresh=True))
    most, asked = entity(*where, "Russland"), entity(*where, "Russland", "organisation")
    assert most
    assert asked
    assert (most.kind, most.articles) == ("place", 4)
    assert (asked.kind, asked.articles, asked.first, asked.over_time) == ("organisation", 2, "", [])


def test_what_nobody_names(where: Where, fake: FakeElasticsearch) -> None:
    assert entity(*where, "Niemand") is None
    assert entity(*where, "Putin") is None  # a part of a name is no name
    with pytest.raises(UsageError, match="thing"):
        entity(*where, PUTIN, "thing")
    fake.go_away("_search")
    with pytest.raises(ServiceUnavailable):
        entity(*where, PUTIN)


def test_a_name_among_very_many_of_one_article_is_known(client: Elasticsearch, index: str) -> None:
    """An answer has room for a hundred names."""
    name = "Zoë Zeß-O'Mara (Wien)"
    people = [f"Anna Nummer {number:03}" for number in range(150)] + [name]
    assert [f.result for f in create(client, index, [("a", {"people": people})])] == ["created"]
    client.indices.refresh(index=index)
    for asked in (name, name.lower()):
        known = entity(client, index, asked)
        assert known
        assert (known.name, known.articles) == (name, 1)


def test_names_by_their_articles(where: Where) -> None:
    known = ranking(*where, "person", size=2)
    assert [(entry.name, entry.articles, entry.before, entry.trend) for entry in known.names] == [
        (PUTIN, 5, None, None),
        (KIM, 2, None, None),
    ]
    assert (known.window, known.articles_before) == (None, None)


def test_names_of_a_window_against_the_one_before(where: Where) -> None:
    known = ranking(*where, "person", since="2024-06-01", until="2024-06-30")
    assert known.window == ("2024-06-01", "2024-06-30")
    assert known.window_before == ("2024-05-02", "2024-05-31")
    first = known.names[0]
    assert (first.name, first.articles, first.before, first.trend) == (PUTIN, 4, 2, 2)
    kim = next(entry for entry in known.names if entry.name == KIM)
    assert (kim.before, kim.trend) == (0, 2)


def test_a_window_without_an_end_ends_today(where: Where) -> None:
    known = ranking(*where, "place", since="2024-06-20", today=date(2024, 6, 21))
    assert known.window == ("2024-06-20", "2024-06-21")
    nothing = ranking(*where, "place", since="2030", until="2030")
    assert (nothing.articles, nothing.names) == (0, [])


@pytest.mark.parametrize(
    ("kind", "size", "since"),
    [("thing", 9, None), ("person", 0, None), ("person", 1001, None), ("person", 9, "gestern")],
)
def test_what_cannot_be_ranked(where: Where, kind: str, size: int, since: str | None) -> None:
    with pytest.raises(UsageError):
        ranking(*where, kind, since=since, size=size)


def test_a_name_longer_than_any_is_not_known(where: Where) -> None:
    """Elasticsearch would refuse to look for it."""
    assert entity(*where, "a" * 40_000) is None
