"""What a person is told beside the hits, and which names are near."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.searching.hints import hints, unknown_name
from indexing.searching.named import likeness
from indexing.searching.query import Query
from indexing.searching.results import Nearest, Unknown


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (Query("Vertrag"), ["another spelling"]),
        (Query("Vertrag Pakt"), ["fewer words"]),
        (Query("Putin oder Merkel"), ["OR in capitals", "fewer words"]),
        (Query('"der Vertrag"'), ["without quotation marks"]),
        (Query("a near b"), ["without near", "fewer words"]),
        (Query("Vertrag -Pakt"), ["what you exclude", "another spelling"]),
        (Query("person:a OR in:2024"), ["between OR"]),
        (Query("in:2024"), ["without filters"]),
        (Query(people=("Putin",), since="2024"), ["without filters"]),
        (Query(), []),
    ],
)
def test_what_to_try_where_nothing_was_found(query: Query, expected: list[str]) -> None:
    said = hints(query, [], 0)
    assert len(said) == len(expected)
    assert all(part in one for part, one in zip(expected, said, strict=True))
    assert hints(query, [], 1) == []


def test_unknown_names_come_first_and_alone() -> None:
    merkel = Unknown("person", "Angla Merkel", [Nearest("person", "Angela Merkel", 1200)])
    (said,) = hints(Query('person:"Angla Merkel" x'), [merkel], 0)
    assert said == 'No article names “Angla Merkel”; did you mean person:"Angela Merkel" (1,200)?'
    assert unknown_name(Unknown("agency", "dppa", [])) == "No article is from “dppa”."


def test_near_names() -> None:
    assert likeness("Angla Merkel", "Angela Merkel") > 0.9
    assert likeness("merkel angela", "Angela Merkel") == 1.0
    assert likeness("Söul", "Seoul") > 0.8
    assert likeness("Merkl", "Angela Merkel") > 0.8
    assert likeness("Angela Merkel", "Wladimir Putin") < 0.5


@given(st.text(), st.text())
def test_likeness_is_a_share(asked: str, known: str) -> None:
    assert 0 <= likeness(asked, known) <= 1
