"""Words are cut into their most probable pieces."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from extraction.tagging.pieces import Pieces

SCORES = {"▁Haus": -5.0, "▁Ha": -4.0, "us": -4.0, "tür": -3.0, "▁": -6.0, "t": -7.0, "ü": -8.0}
PIECES = Pieces(
    {text: (at + 10, score) for at, (text, score) in enumerate(SCORES.items())}, 0, 1, 2, 3
)


def test_the_most_probable_pieces_win() -> None:
    assert PIECES.of("Haus") == (10,)
    assert PIECES.of("Haustür") == (10, 13)
    assert PIECES.of("tür") == (14, 13)


def test_an_unknown_character_is_a_piece_of_its_own() -> None:
    assert PIECES.of("Haus€") == (10, 3)
    assert PIECES.of("") == (14,)


@given(st.text(max_size=200))
def test_each_word_has_pieces_and_a_long_one_no_more_than_its_first_letters(word: str) -> None:
    assert 1 <= len(PIECES.of(word)) <= 101
    assert PIECES.of(word) == PIECES.of(word[:100])
