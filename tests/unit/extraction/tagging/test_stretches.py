"""The large model reads all words once, in order, and never too many at a time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from extraction.tagging.pieces import Pieces
from extraction.tagging.stretches import LONGEST, MOST_WORDS, stretches

LETTERS = "▁abcdefghijklmnopqrstuvwxyz.!"
PIECES = Pieces({each: (4 + i, -1.0) for i, each in enumerate(LETTERS)}, 0, 1, 2, 3)

lines = st.lists(st.lists(st.text("abc.", min_size=1, max_size=150), max_size=250), max_size=12)


@given(lines)
def test_all_words_are_read_in_order(words: list[list[str]]) -> None:
    read = list(stretches(words, PIECES))
    firsts = [stretch.pieces[at] for stretch in read for at in stretch.firsts]
    assert firsts == [PIECES.of(word)[0] for line in words for word in line]
    for stretch in read:
        # One sentence may be too long by its last word.
        assert len(stretch.pieces) <= LONGEST + 103
        assert stretch.pieces[0] == PIECES.begin
        assert stretch.pieces[-1] == PIECES.end


def test_short_lines_are_read_together_and_end_each() -> None:
    (read,) = stretches([["a", "b"], ["c"]], PIECES)
    a, b, c = (PIECES.of(letter) for letter in "abc")
    assert read.pieces == (0, *a, *b, 1, *c, 1)
    assert read.firsts == (1, 3, 6)


def test_a_long_line_is_cut_behind_the_end_of_a_sentence() -> None:
    first, rest = MOST_WORDS - 10, 40
    read = list(stretches([["a"] * (first - 1) + ["."] + ["b"] * rest], PIECES))
    assert [len(stretch.firsts) for stretch in read] == [first, rest]
