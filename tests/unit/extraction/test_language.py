"""The language of a text: German stays German, the rest is told apart or left open."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.language import gold, wrong
from extraction.language import UNKNOWN, language_of
from tests.linear import assert_linear

GERMAN = "Der Kanzler sagte im Bundestag, das Land werde keine weiteren Panzer schicken. "
ENGLISH = "The chancellor told the house that the country would not send more tanks. "


@pytest.mark.parametrize("file", ["german", "german-second"])
def test_german_is_never_another_language(file: str) -> None:
    samples = list(gold(file))
    missed = wrong(samples)
    assert [got for _, got, _ in missed if got != UNKNOWN] == []
    assert len(missed) <= len(samples) / 4, missed


@pytest.mark.parametrize("file", ["others", "others-second"])
def test_others_are_told_apart(file: str) -> None:
    samples = list(gold(file))
    missed = wrong(samples)
    assert [got for _, got, _ in missed if got != UNKNOWN] == []
    assert len(missed) <= len(samples) / 10, missed


def test_the_main_part_decides() -> None:
    assert language_of(ENGLISH * 3 + GERMAN * 6) == "de"
    assert language_of(GERMAN * 3 + ENGLISH * 6) == "en"
    assert language_of(GERMAN * 2 + ENGLISH * 60) == "en"


@pytest.mark.parametrize("text", ["", "  ", "123, 45.6", "Foo", "…", "😀"])
def test_what_is_too_short_stays_open(text: str) -> None:
    assert language_of(text) == UNKNOWN


@pytest.mark.parametrize(
    ("text", "declared", "code"),
    [
        ("Foo", "de-AT", "de"),
        ("Foo", "EN", "en"),
        ("123", "fr", "fr"),
        ("Foo", "deutsch", UNKNOWN),
        ("Foo", "", UNKNOWN),
        (GERMAN * 3, "en", "de"),
        (ENGLISH * 3, "de", "en"),
        ("Staking op het spoor duurt tot zondag", "nl", "nl"),
    ],
)
def test_what_the_source_declares(text: str, declared: str, code: str) -> None:
    assert language_of(text, declared) == code


def test_capitals_make_no_difference() -> None:
    assert language_of(GERMAN.upper()) == "de"
    assert language_of(ENGLISH.upper()) == "en"


@given(st.text(max_size=300), st.one_of(st.none(), st.text(max_size=8)))
def test_any_text_gets_a_code(text: str, declared: str | None) -> None:
    code = language_of(text, declared)
    assert code == UNKNOWN or (len(code) == 2 and code.islower() and code.isascii())


@pytest.mark.no_cover
@pytest.mark.parametrize("piece", ["a", "„", "0", "ab ", "ж", "的", "\n"])
def test_long_texts_take_no_longer(piece: str) -> None:
    assert_linear(language_of, piece)
