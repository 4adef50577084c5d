"""Words are cut into their most probable pieces."""

from __future__ import annotations

from training.encoder import Pieces

SCORES = {"▁Haus": -5.0, "▁Ha": -4.0, "us": -4.0, "tür": -3.0, "▁": -6.0, "t": -7.0, "ü": -8.0}
PIECES = Pieces(
    {text: (at + 10, score) for at, (text, score) in enumerate(SCORES.items())}, 0, 1, 2, 3
)


def test_the_most_probable_pieces_win() -> None:
    assert PIECES.of("Haus") == [10]
    assert PIECES.of("Haustür") == [10, 13]
    assert PIECES.of("tür") == [14, 13]


def test_an_unknown_character_is_a_piece_of_its_own() -> None:
    assert PIECES.of("Haus€") == [10, 3]
    assert PIECES.of("") == [14]
