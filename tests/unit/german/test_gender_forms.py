"""Forms for both genders: in every spelling, alone and in compounds."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from german import gender_forms as gender_forms_module
from german.findable import words_to_find
from german.gender_forms import both, gender_forms, is_gender_form, one_way, words_of_both
from tests.linear import assert_linear


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Pilot:innen", "Pilot:innen"),
        ("Politiker*innen", "Politiker:innen"),
        ("Kolleg_innen", "Kolleg:innen"),
        ("SchülerInnen", "Schüler:innen"),
        ("Mitarbeiter/-innen", "Mitarbeiter:innen"),
        ("Lehrer(innen)", "Lehrer:innen"),
        ("Ärzt:innen", "Ärzt:innen"),
        ("Bürger/innen", "Bürger:innen"),
        ("Pilot:in", "Pilot:in"),
        ("Lehrer(in)", "Lehrer:in"),
        ("LehrerIn", "Lehrer:in"),
        ("Politiker*innenrunde", "Politiker:innenrunde"),
        ("SchülerInnenvertretung", "Schüler:innenvertretung"),
        ("Abgeordnete(r)", "Abgeordnete:r"),
        ("(die Pilot*innen)", "(die Pilot:innen)"),
    ],
)
def test_all_ways_of_writing_are_one(written: str, expected: str) -> None:
    assert one_way(written) == expected
    assert one_way(expected) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Köln/Innenstadt",
        "Fußball:Ergebnisse",
        "das Haus (innen)",
        "https://example.org/in",
        "am 3.5.:innen",
        "Er kam:in Wien blieb er",
        "DIE/IN",
        "Minister: innen",
        "LinkedIn wächst",
        "CheckIn und PlugIn",
        "Log_in",
    ],
)
def test_what_only_looks_like_it_stays(text: str) -> None:
    assert one_way(text) == text
    assert not [*gender_forms(text)]


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("Pilot:innen", ("Pilot", "Pilotin", "Pilotinnen")),
        ("Kolleg:innen", ("Kollege", "Kolleg", "Kollegin", "Kolleginnen")),
        ("Ärzt:innen", ("Arzt", "Ärzt", "Ärztin", "Ärztinnen")),
        ("Jüd:innen", ("Jude", "Jüd", "Jüdin", "Jüdinnen")),
        ("Politiker:innenrunde", ("Politikerrunde", "Politikerinnenrunde")),
        ("Student:innenrat", ("Studentenrat", "Studentinnenrat")),
        ("Abgeordnete:r", ("Abgeordnete", "Abgeordneter")),
        ("Pilot", ()),
        ("Fußball:Ergebnisse", ()),
    ],
)
def test_what_a_form_stands_for(form: str, expected: tuple[str, ...]) -> None:
    assert both(form) == expected
    assert is_gender_form(form) == bool(expected)


def test_an_article_is_to_be_found_by_all_of_them() -> None:
    words = words_to_find("„Die Politiker*innenrunde“ und eine Flugzeugpilot:in.")
    assert {"Politiker", "Politikerin", "Politikerinnen", "Politikerrunde", "Runde"} <= {*words}
    assert {"Flugzeugpilotin", "Flugzeug", "Pilot"} <= {*words}


@given(st.text(alphabet="ABaeinrÄü:*_/-() \n1", max_size=60))
def test_any_text_is_read_and_read_once(text: str) -> None:
    one = one_way(text)
    assert one_way(one) == one
    assert re.sub(r"[^\w]|_", "", one).lower() == re.sub(r"[^\w]|_", "", text).lower()
    assert all(word.isalpha() for word in words_of_both(text))


@given(st.text(alphabet="ABaeinrIÄü:*_/-() ", max_size=60))
def test_no_form_is_without_the_signs_that_are_asked_for_first(text: str) -> None:
    every_way = text
    for pattern in gender_forms_module._FORMS:
        every_way = pattern.sub(gender_forms_module._with_colon, every_way)
    assert one_way(text) == every_way


@pytest.mark.parametrize("piece", ["A", "Aa", "Aa:", "Aa(in", "e:", "AaIn", "Aa:innen "])
def test_reading_is_linear(piece: str) -> None:
    assert_linear(lambda text: words_of_both(f"{text} :in"), piece)
