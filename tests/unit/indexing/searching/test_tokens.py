"""Words are found in a text where its runs are, however they are looked for."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from indexing.searching.tokens import RUN, places_of

TEXTS = st.text("ab_1 -.ßé٣²", max_size=60)


@given(TEXTS)
def test_places_are_those_of_the_runs(text: str) -> None:
    spans = [(match[0], match.start()) for match in RUN.finditer(text)]
    for word in {word for word, _ in spans}:
        assert list(places_of(text, word)) == [at for other, at in spans if other == word]


def test_a_word_inside_another_is_none() -> None:
    assert list(places_of("Eier, Feier und Eier2 – Eier", "Eier")) == [0, 24]
