"""What one site writes about a withdrawal every other takes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.index import sound
from indexing.index.sound import are_keys, is_words, sound_keys, sound_words

#: With halves of surrogate pairs, too.
TEXTS = st.text(st.characters(exclude_categories=()), max_size=8)


@given(st.lists(TEXTS, max_size=12), st.integers(0, 6), st.integers(0, 6))
def test_the_keys_that_are_written_are_those_that_are_read(
    keys: list[str], most: int, longest: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sound, "MOST_KEYS", most)
        patch.setattr(sound, "LONGEST_KEY", longest)
        told = sound_keys(keys)
        assert are_keys(told)
        assert set(told) <= set(keys)
        assert not are_keys(keys) or set(told) == set(keys)


@given(TEXTS, st.integers(0, 6))
def test_the_words_that_are_written_are_those_that_are_read(text: str, longest: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sound, "LONGEST_WORDS", longest)
        assert is_words(kept := sound_words(text))
        assert len(kept) <= longest
        assert not is_words(text) or kept == text[:longest]
        assert sound_words(kept) == kept
