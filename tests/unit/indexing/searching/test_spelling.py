"""Which words can be misspelt, and what stands in their place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.searching.spelling import Spelling, askable, corrected, ranked, ways


def test_short_words_numbers_prefixes_and_hyphened_words_are_not_judged() -> None:
    assert askable("Vogelgripe der 2024 Verteidig* Müller-Lüdenscheidt EU Vogelgripe") == [
        "Vogelgripe"
    ]


def test_only_the_misspelt_word_is_replaced() -> None:
    text = 'Vogelgripe Mannheim "Vogelgripe im Mai" -Wien person:"Ute Sippel"'
    assert corrected(text, {"Vogelgripe": "vogelgrippe"}) == (
        'vogelgrippe Mannheim "Vogelgripe im Mai" -Wien person:"Ute Sippel"'
    )


def test_the_most_alike_wins_then_the_more_frequent() -> None:
    near = {"text": "erdbeben", "score": 0.9, "freq": 3}
    often = {"text": "erdleben", "score": 0.9, "freq": 1}
    far = {"text": "erdboden", "score": 0.7, "freq": 900}
    again = {"text": "erdbeben", "score": 0.9, "freq": 1}
    assert ranked([far, often, near, again]) == [
        ("erdbeben", 0.9),
        ("erdleben", 0.9),
        ("erdboden", 0.7),
    ]
    assert ranked([]) == []


def test_misspelt_words_are_respelled_together_in_every_way_the_nearest_first() -> None:
    near = {
        "Angla": [("angola", 0.8), ("angela", 0.8), ("angler", 0.6)],
        "Merkl": [("merkel", 0.8)],
    }
    assert ways(near) == [
        Spelling({"Angla": "angola", "Merkl": "merkel"}, 1.6),
        Spelling({"Angla": "angela", "Merkl": "merkel"}, 1.6),
        Spelling({"Angla": "angler", "Merkl": "merkel"}, 1.4),
    ]
    many = {f"Wort{n}": [(f"wort{n}a", 0.8), (f"wort{n}b", 0.8)] for n in range(30)}
    assert len(ways(many)) == 1, "of many there would be a billion ways"
    assert ways({}) == []


@given(st.text(max_size=80))
def test_any_text_stays_as_it_is_where_nothing_is_misspelt(text: str) -> None:
    assert corrected(text, {}) == text
    assert all(word in text for word in askable(text))


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
