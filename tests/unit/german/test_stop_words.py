"""The index has nothing of stop words, and something of everything else."""

from __future__ import annotations

import pytest

from german.stop_words import is_stop_word


@pytest.mark.parametrize(
    ("word", "stops"),
    [
        ("Weg", True),
        ("über", True),
        ("die", True),
        ("Haus", False),
        ("Ich-AG", False),
        ("die-Ware", False),
        ("Nicht-Ich", True),
        ("3_zu_2", False),
        ("", True),
    ],
)
def test_a_stop_word_is_all_of_words_that_the_index_leaves_out(word: str, stops: bool) -> None:
    assert is_stop_word(word) is stops
