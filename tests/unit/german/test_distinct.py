"""Long texts are read like short ones."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from german import distinct as module
from german.distinct import distinct, shared, unspaced

WORD = re.compile(r"\w+")


@given(
    text=st.text(alphabet="ab ß-\n\u2009\x1c", max_size=60), limit=st.sampled_from([0, 1_000_000])
)
def test_short_and_long_texts_give_the_same(text: str, limit: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_SHORT", limit)
        assert shared(WORD, text) == WORD.findall(text)
        assert distinct(WORD, text) == list(dict.fromkeys(WORD.findall(text)))
        assert unspaced(text) == list(dict.fromkeys(text.split()))


def test_equal_words_of_a_long_text_are_one_string(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_SHORT", 0)
    first, _, last = shared(WORD, "Haus und Haus")
    assert first is last
