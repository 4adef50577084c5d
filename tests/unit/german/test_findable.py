"""What a text is found by beside its own words, piece by piece as in one go."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from german.compounds import compound_words, lemma
from german.findable import words_to_find
from tests.linear import assert_linear

NOUN = re.compile(r"(?<![\w-])[^\W\d_]{3,}(?![\w-])")
HYPHENED = re.compile(r"(?<![\w-])[^\W\d_]+(?:-[^\W\d_]+)+(?![\w-])")
PIECES = ["Museen", "Verteidigungspakt", "Kosovo-Krieg", "Haushalts-", "Ab-3", "x_Haus", "ß", "²"]


def in_one_go(text: str) -> list[str]:
    """The rule itself, over the whole text."""
    found = dict.fromkeys(compound_words(text))
    for word in NOUN.findall(text):
        if word[0].isupper() and len(word) <= 100 and lemma(word) != word:
            found[lemma(word)] = None
    for word in HYPHENED.findall(text):
        if len(word) <= 100:
            found[word.replace("-", "").capitalize()] = None
    return list(found)


def test_parts_singulars_and_joined_words() -> None:
    text = "Die Museen, der „Verteidigungspakt“ und der Kosovo-Krieg."
    assert words_to_find(text) == [
        *("Verteidigung", "Pakt", "Kosovo", "Krieg", "Museum", "Kosovokrieg")
    ]


def test_small_words_at_the_head_of_a_sentence_are_no_nouns() -> None:
    assert (
        words_to_find("Gegen ihn. Wegen ihr. Dies wäre das. Fürs eine. Falls es geht. Werden") == []
    )


@given(
    st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=30), st.sampled_from("  -„")
)
def test_cut_at_blanks_it_is_the_same(pieces: list[str], between: str) -> None:
    text = between.join(pieces)
    assert words_to_find(text) == in_one_go(text)


@pytest.mark.no_cover
@pytest.mark.parametrize("scrap", ["A", "A-", "Ab-", "A ", "„"])
def test_long_runs_take_no_time(scrap: str) -> None:
    assert_linear(words_to_find, scrap, length=500_000)


def test_of_very_many_words_the_first_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of a million invented words kept intake for minutes."""
    monkeypatch.setattr("german.findable._MOST", 2)
    monkeypatch.setattr("german.gender_forms._MOST", 1)
    text = "Museen Pilot:innen Verteidigungspakt Lehrer:innen"
    assert words_to_find(text) == ["Pilot", "Pilotin", "Pilotinnen", "Museum"]
