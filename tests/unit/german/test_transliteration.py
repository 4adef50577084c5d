"""One name in several transliterations."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from german.folding import unaccented
from german.transliteration import spellings


@pytest.mark.parametrize(
    "pair",
    [
        "Ovechkin Owetschkin",
        "Kaczinski Kaczynski",
        "Lavrov Lawrow",
        "Zelensky Selenskyj",
        "Zelenskyy Selenski",
        "Kharkiv Charkiw",
        "Khodorkovsky Chodorkowski",
        "Navalny Nawalnyj",
        "Lukashenko Lukaschenko",
        "Khrushchev Chruschtschow",
        "Gorbachev Gorbatschow",
        "Yeltsin Jelzin",
        "Prigozhin Prigoschin",
        "Yanukovych Janukowitsch",
        "Milošević Miloschewitsch",
        "Karadzic Karadžić",
        "Tchaikovsky Tschaikowski",
        "Kiev Kiew",
    ],
)
def test_each_spelling_finds_the_other(pair: str) -> None:
    first, second = pair.split()
    assert re.fullmatch(spellings(first), unaccented(second))
    assert re.fullmatch(spellings(second), unaccented(first))


@pytest.mark.parametrize(
    "word",
    ["Meyer", "Schmidt", "Müller", "Fischer", "Schröder", "Sein", "Mich", "Lehrerin", "Ski"],
)
def test_no_word_but_a_slavic_name_is_respelt(word: str) -> None:
    assert spellings(word) == ""


@pytest.mark.parametrize(
    ("asked", "other"), [("Putin", "Potin"), ("Lawrow", "Lawren"), ("Iwanow", "Iwanek")]
)
def test_other_names_do_not_fit(asked: str, other: str) -> None:
    assert not re.fullmatch(spellings(asked) or "-", unaccented(other))


@given(
    st.text(max_size=30) | st.from_regex(r"[A-Za-zÀ-ž]{1,20}(?:ow|ski|itsch|enko)", fullmatch=True)
)
def test_a_pattern_fits_its_own_name_and_is_plain(name: str) -> None:
    pattern = spellings(name)
    assert re.fullmatch(r"[a-z()|]*", pattern)
    assert not pattern or re.fullmatch(pattern, unaccented(name))
