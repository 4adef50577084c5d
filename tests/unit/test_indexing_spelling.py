"""The words of a query that are asked for in another spelling."""

from __future__ import annotations

import pytest

from indexing.spelling import askable, corrected, nearest


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vertarg mit Paris", "Vertrag mit Paris"),
        ("Paris, Vertarg.", "Paris, Vertrag."),
        ("Vertargs", "Vertargs"),
        ("person:Vertarg Vertarg", "person:Vertarg Vertrag"),
        ("-Vertarg", "-Vertarg"),
    ],
)
def test_only_the_word_itself_is_replaced(text: str, expected: str) -> None:
    assert corrected(text, {"Vertarg": "Vertrag"}) == expected


def test_short_words_numbers_and_prefixes_are_not_judged() -> None:
    assert askable("EU 2024 Vertr* Vertarg Vertarg Covid-19") == ["Vertarg"]


def test_the_most_alike_counts_then_the_most_frequent() -> None:
    options = [
        {"text": "vertrat", "score": 0.7, "freq": 90},
        {"text": "vertrag", "score": 0.8, "freq": 3},
        {"text": "vortrag", "score": 0.8, "freq": 2},
    ]
    assert nearest(options) == "vertrag"
    assert nearest([]) == ""
