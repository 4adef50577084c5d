"""Whom the archive means by a bare surname, and for how long an answer is good."""

from __future__ import annotations

import pytest
from elasticsearch import Elasticsearch

from articles.article import Published
from articles.errors import ServiceUnavailable
from indexing.entities.surnames import Bearer, bearers
from indexing.writing.write import create
from tests.fakes.elastic import FakeElasticsearch
from worker.enrichment import surname_resolver
from worker.enrichment.surname_resolver import SurnameResolver

DAY = Published("2024-06-19", "day")


@pytest.fixture
def people(client: Elasticsearch, index: str) -> SurnameResolver:
    """An archive in which a Holm is clear, and a Lindenau is not."""
    named = [("Petra Holm", 9, "2024"), ("Judith Lindenau", 5, "2024"), ("Jan Lindenau", 5, "2024")]
    documents = [
        (f"{name} {n}", {"people": [name], "published": f"{year}-05-01"})
        for name, count, year in [*named, ("Karl Holm", 1, "1990")]
        for n in range(count)
    ]
    assert {fate.result for fate in create(client, index, documents, refresh=True)} == {"created"}
    return SurnameResolver(lambda: client, index)


def test_bearers_end_in_the_surname_and_are_counted_around_the_day(
    people: SurnameResolver, client: Elasticsearch, index: str
) -> None:
    holms, nobody, always = bearers(
        client, index, [("Holm", "2024-06-19"), ("Hol", "2024"), ("Holm", "")]
    )
    assert holms == [Bearer("Petra Holm", 9, 9), Bearer("Karl Holm", 1, 0)]
    assert nobody == []
    assert [bearer.recent for bearer in always] == [0, 0]
    assert bearers(client, index, []) == []


@pytest.mark.parametrize("surname", ["Holm.*", "(", "[a-z]+", "H?olm", 'Ho"lm', "Holm|Lindenau"])
def test_a_surname_is_no_pattern(
    people: SurnameResolver, client: Elasticsearch, index: str, surname: str
) -> None:
    assert bearers(client, index, [(surname, "2024")]) == [[]]


def test_a_clear_bearer_is_meant_and_no_other(people: SurnameResolver) -> None:
    before = Published("1990", "year")  # when another Holm was spoken of
    wanted = [(["Holm", "Lindenau", "Niemand"], DAY), (["Holm"], before), ([], None)]
    assert people.people(wanted) == [{"Holm": "Petra Holm"}, {}, {}]


def test_one_request_asks_for_all_and_is_remembered(
    people: SurnameResolver, fake: FakeElasticsearch
) -> None:
    fake.asked.clear()
    wanted = [(["Holm"], DAY), (["Holm", "Lindenau"], DAY)]
    first = people.people(wanted)
    assert people.people(wanted) == first
    assert [line.rpartition("/")[2] for line in fake.asked] == ["_msearch"]
    people.people([(["Holm"], Published("2021-03", "month"))])
    assert len(fake.asked) == 2


def test_an_answer_is_asked_for_again_when_it_is_old(
    people: SurnameResolver, fake: FakeElasticsearch, monkeypatch: pytest.MonkeyPatch
) -> None:
    people.people([(["Holm"], DAY)])
    fake.asked.clear()
    monkeypatch.setattr(surname_resolver, "KEPT_SECONDS", 0.0)
    people.people([(["Holm"], DAY)])
    assert len(fake.asked) == 1


def test_a_server_that_is_away_is_told_and_nothing_remembered(
    people: SurnameResolver, fake: FakeElasticsearch
) -> None:
    fake.go_away("_msearch")
    with pytest.raises(ServiceUnavailable):
        people.people([(["Holm"], DAY)])
    fake.come_back()
    assert people.people([(["Holm"], DAY)]) == [{"Holm": "Petra Holm"}]


def test_very_many_are_asked_for_in_pieces_and_each_answer_is_kept(
    people: SurnameResolver, fake: FakeElasticsearch
) -> None:
    names = [f"Niemand{number}" for number in range(3 * surname_resolver._AT_ONCE)]
    fake.asked.clear()
    assert people.people([([*names, "Holm"], DAY)]) == [{"Holm": "Petra Holm"}]
    assert len(fake.asked) == 4
    assert people.people([(names, DAY)]) == [{}]
    assert len(fake.asked) == 4
