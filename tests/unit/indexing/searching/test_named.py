"""How like two names are: what is offered where no article has the name that was asked for."""

from __future__ import annotations

import pytest
from elasticsearch import Elasticsearch

from indexing.searching.named import _LIKE, likeness, resolve
from tests.fakes.elastic import FakeElasticsearch


@pytest.mark.parametrize(
    ("asked", "known"),
    [
        ("Angla Merkel", "Angela Merkel"),
        ("Merkle", "Angela Merkel"),
        ("Selenski", "Wolodymyr Selenskyj"),
        ("Muller", "Herta Müller"),
        ("Kramp Karrenbauer", "Annegret Kramp-Karrenbauer"),
        ("Bundesnachrichtendinst", "Bundesnachrichtendienst"),
        ("Straßburg", "Strasburg"),
    ],
)
def test_a_name_with_a_typing_error_is_near(asked: str, known: str) -> None:
    assert likeness(asked, known) >= _LIKE


@pytest.mark.parametrize(
    ("asked", "known"),
    [("Angela Merkel", "Angela Davis"), ("Scholz", "Schulze"), ("Köln", "Kiel"), ("Nato", "")],
)
def test_another_name_is_not(asked: str, known: str) -> None:
    assert likeness(asked, known) < _LIKE


def test_likeness_is_one_for_the_same_letters_and_counts_each_word() -> None:
    assert likeness("MÜLLER", "Müller") == 1.0
    # Twice the 5 common letters of 11, and a word that is there.
    assert likeness("Angla Merkel", "Angela Merkel") == pytest.approx((10 / 11 + 1) / 2)
    assert likeness("", "Müller") == 0.0


def test_a_query_of_many_unknown_names_asks_for_what_is_near_a_few(
    client: Elasticsearch, index: str, fake: FakeElasticsearch
) -> None:
    fake.asked.clear()
    names = [("people", f"Unbekannt {number}") for number in range(100)]
    resolved = resolve(client, index, names)
    assert [unknown.name for unknown in resolved.unknown] == [name for _, name in names]
    assert len(fake.asked) < 60
