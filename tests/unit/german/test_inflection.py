"""Endings of adjectives, of names in the genitive, of inhabitants."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from german.inflection import ADJECTIVE_ENDINGS, adjective, genitive_bases, towns


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("Grünen", ("Grün", "en")),
        ("russische", ("russisch", "e")),
        ("deutsch-französisches", ("deutsch-französisch", "es")),
        ("gut", ("", "")),
        ("", ("", "")),
        ("e", ("", "e")),
    ],
)
def test_adjectives(word: str, parts: tuple[str, str]) -> None:
    assert adjective(word) == parts


@pytest.mark.parametrize(
    ("name", "bases"),
    [
        ("Berlins", ("Berlin",)),
        ("Landes", ("Lande", "Land")),
        ("Scholz’", ("Scholz",)),
        ("Merkel's", ("Merkel",)),
        ("Russ", ()),
        ("Us", ()),
        ("Merkel", ()),
        ("", ()),
        ("'", ()),
        ("’s", ()),
    ],
)
def test_genitives_of_names(name: str, bases: tuple[str, ...]) -> None:
    assert genitive_bases(name) == bases


@pytest.mark.parametrize(
    ("inhabitant", "town"),
    [
        ("Berliner", "Berlin"),
        ("Bremer", "Bremen"),
        ("Dresdner", "Dresden"),
        ("Hamburger", "Hamburg"),
        ("Hallesche", None),
        ("er", None),
        ("", None),
    ],
)
def test_towns(inhabitant: str, town: str | None) -> None:
    assert (town in towns(inhabitant)) if town else towns(inhabitant) == ()


@given(st.text(max_size=20))
def test_any_string_may_be_read(word: str) -> None:
    stem, ending = adjective(word)
    assert stem + ending in (word, "")
    assert ending in ("", *ADJECTIVE_ENDINGS)
    assert all(word.startswith(base) and base for base in genitive_bases(word))
    assert all(towns(word)) or not towns(word)
