"""First names and their gender."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from german.first_names import first_names, gender_of_person, noun_names


@pytest.mark.parametrize(
    ("name", "gender"),
    [
        ("Angela Muster", "f"),
        ("Anna-Xyza Muster", "f"),
        ("Mechthild Muster", "f"),
        ("Jasmin Muster", "f"),
        ("Cem Muster", "m"),
        ("Jean-Marie Muster", "m"),
        ("Dominique Muster", ""),  # borne by both
        ("Angela", ""),
        ("Xyz Muster", ""),
        ("", ""),
    ],
)
def test_the_gender_of_people(name: str, gender: str) -> None:
    assert gender_of_person(name) == gender


def test_own_names_may_be_given() -> None:
    assert gender_of_person("Xyz Muster", {"Xyz": "f"}) == "f"


def test_names_are_only_names() -> None:
    assert all(name[:1].isupper() and " " not in name for name in first_names())
    assert set(first_names().values()) == {"m", "f", ""}
    assert "Cäsar" in noun_names()
    assert "Zeit" not in noun_names()


@given(st.text(max_size=30))
def test_any_string_may_be_asked_for(name: str) -> None:
    assert gender_of_person(name) in ("m", "f", "")
