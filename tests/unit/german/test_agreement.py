"""What determiners and adjectives tell of the noun behind them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from german.agreement import agreed, left_open


@pytest.mark.parametrize(
    ("determiner", "ending", "genders"),
    [
        ("des", "en", "mn"),
        ("der", "en", "fp"),
        ("der", "e", "m"),
        ("die", "en", "p"),
        ("den", "en", "mp"),
        ("ein", "es", "n"),
        ("seinem", "", "mn"),
        ("seiner", "", "fp"),
        ("", "es", "n"),
        ("des", "e", ""),
    ],
)
def test_genders_that_are_left_open(determiner: str, ending: str, genders: str) -> None:
    assert left_open(determiner, ending) == set(genders)


@pytest.mark.parametrize(
    ("noun", "determiner", "ending", "gender"),
    [
        ("Wähler", "der", "en", "p"),
        ("Wähler", "der", "e", "m"),
        ("See", "die", "e", "f"),
        ("See", "des", "en", "m"),
        ("Band", "des", "en", "n"),
        ("Band", "die", "e", "f"),
        ("Xyz", "zur", "en", "f"),
        ("Xyz", "des", "en", ""),
        ("Haus", "die", "e", "n"),  # they contradict each other
        ("Tibet", "ein", "es", "n"),
        ("Fernsehen", "der", "es", "n"),
        ("Boom", "", "e", "p"),
        ("Löwen", "den", "en", "p"),
    ],
)
def test_the_gender_in_its_place(noun: str, determiner: str, ending: str, gender: str) -> None:
    assert agreed(noun, determiner, ending) == gender


@given(st.text(max_size=10), st.sampled_from(["der", "des", "", "x"]), st.text(max_size=3))
def test_any_words_may_be_asked_for(noun: str, determiner: str, ending: str) -> None:
    assert agreed(noun, determiner, ending) in ("m", "f", "n", "p", "")
