"""What German text is cut into."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from german.tokens import RUNS, quotation_marks, runs, tokens
from tests.linear import assert_linear


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Die SPD-Chefin sagte: „Nein.“", "Die SPD-Chefin sagte : „ Nein . “"),
        ("um 15.30 Uhr 3:2, 3,5 Prozent", "um 15.30 Uhr 3:2 , 3,5 Prozent"),
        ("z.B. i.d.R. h. c.", "z.B . i.d.R . h . c ."),
        ("Rock'n'Roll, geht’s, Merz’ Haus", "Rock'n'Roll , geht’s , Merz ’ Haus"),
        ("AC/DC & H&M und/oder", "AC/DC & H&M und/oder"),
        ("Er ... ging…", "Er ... ging …"),
        ("Haushalts- und Finanzpolitik", "Haushalts - und Finanzpolitik"),
        ("www.taz.de/a_b.html info@taz.de", "www.taz.de/a_b.html info @ taz.de"),
        ("Pilot:innen, Ärzt*in: in a:in", "Pilot:innen , Ärzt*in : in a:in"),
        ("er sagte:innerlich", "er sagte : innerlich"),
        ("5 % (SPD) §2 a,b a:b", "5 % ( SPD ) § 2 a , b a : b"),
        ("", ""),
    ],
)
def test_tokens(text: str, expected: str) -> None:
    assert [token.text for token in tokens(text)] == expected.split()


def test_runs_are_letters_and_digits_without_any_mark() -> None:
    assert runs("Die SPD-Chefin geht’s 15.30") == ["Die", "SPD", "Chefin", "geht", "s", "15", "30"]


TEXTS = st.one_of(
    st.text(max_size=80),
    st.lists(
        st.sampled_from(
            ["ab", "1", "-", ".", "’", "/", ":", ",", " ", "\n", "_", "„", "ß", "\u0308"]
        ),
        max_size=30,
    ).map("".join),
)


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_offsets_are_exact_and_nothing_is_lost(text: str) -> None:
    end = 0
    for token in tokens(text):
        assert not text[end : token.start].strip()
        assert token.start < token.end
        assert text[token.start : token.end] == token.text
        end = token.end
    assert not text[end:].strip()


@settings(max_examples=400, deadline=None)
@given(TEXTS)
def test_a_run_stands_within_one_token(text: str) -> None:
    """So that every finer cut can be made of the tokens, without a look at the text."""
    within = [
        (t.start + p.start, t.text[p.start : p.end]) for t in tokens(text) for p in RUNS[t.text]
    ]
    assert [run for _, run in within] == runs(text)
    assert all(text.startswith(run, at) for at, run in within)


@given(TEXTS, st.integers(0, 80), st.integers(0, 80))
def test_tokens_between_two_places_are_those_that_have_a_character_there(
    text: str, start: int, end: int
) -> None:
    each = list(tokens(text))
    assert len(each) == len(tokens(text))
    assert tokens(text).between(start, end) == [t for t in each if t.start < end and start < t.end]


def test_pieces_of_long_tokens_are_not_kept() -> None:
    assert [piece.end for piece in RUNS["a-" * 50]] == list(range(1, 100, 2))
    assert "a-" * 50 not in RUNS
    assert RUNS["a-b"] == ((0, 1, ""), (2, 3, ""))
    assert "a-b" in RUNS


def test_quotation_marks() -> None:
    text = "„a“ ,,b'' ``c'' <<d>> »e« a,b ,c x’y"
    found = quotation_marks(text, 0, len(text))
    assert [mark.text for mark in found] == [
        *("„", "“", ",,", "''", "``", "''", "<<", ">>", "»", "«", "’")
    ]


@pytest.mark.parametrize("pair", [a + b for a, b in product(".-’/:a1 \n", repeat=2)])
def test_time_grows_with_the_text_alone(pair: str) -> None:
    assert_linear(lambda text: list(tokens(text)), pair)
