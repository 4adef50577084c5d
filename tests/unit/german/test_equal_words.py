"""Words that mean the same elsewhere, and abbreviations."""

from __future__ import annotations

import pytest

from german.equal_words import equal_words, synonyms


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("Jänner", "Januar"),
        ("Januar", "Jänner"),
        ("Spitälern", "Krankenhaus"),
        ("Matura", "Abitur"),
        ("velos", "Fahrrad"),
        ("Lkw", "Lastwagen"),
        ("Untersuchungshaft", "U-Haft"),
    ],
)
def test_it_goes_both_ways_and_in_any_form(word: str, other: str) -> None:
    assert other in [equal for _, equal in equal_words(word)]


@pytest.mark.parametrize("word", ["Nationalrat", "Bundestag", "Landeshauptmann", "Sessel", "", "x"])
def test_what_is_not_the_same_has_none(word: str) -> None:
    assert equal_words(word) == ()


def test_synonyms_are_another_matter_than_equal_words() -> None:
    assert ("synonym", "Unfall") in synonyms("Unglücken")
    assert ("synonym", "Insolvenz") in synonyms("Konkurs")
    assert synonyms("Januar") == equal_words("Unglück") == ()
