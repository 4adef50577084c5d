"""The query language."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.errors import Misuse
from indexing.language import Terms, parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Vertrag Vertrag Pakt", Terms("Vertrag Pakt")),
        ('"der Pakt" -„im Krieg“', Terms(phrases=("der Pakt",), without_phrases=("im Krieg",))),
        ('person:"Angela Merkel"', Terms(names=(("people", "Angela Merkel"),))),
        ("Person:Merkel Bahn", Terms("Bahn", names=(("people", "Merkel"),))),
        ("-agency:dpa Bahn", Terms("Bahn", without_names=(("agency", "dpa"),))),
        ("in:2024-06", Terms(dates=(("in", "2024-06"),))),
        ("after:1.6.2024", Terms(dates=(("after", "2024-06-01"),))),
        ("https://example.org 12:30", Terms("https://example.org 12:30")),
        ("Fußball:Ergebnisse", Terms("Fußball:Ergebnisse")),
    ],
)
def test_a_query_is_read(text: str, expected: Terms) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("persn:Merkel", "did you mean person:"),
        ("titel:Merkel", "there are person:"),
        ('person:""', "needs a value"),
        ("in:2024-13", "is no date"),
        ("before:gestern", "is no date"),
        ("-in:2024", "cannot be excluded"),
        ('"Vertrag gebilligt', "never closed"),
    ],
)
def test_a_mistake_is_explained(text: str, message: str) -> None:
    with pytest.raises(Misuse, match=message):
        parse(text)


@given(st.text(alphabet='aB1-:"„“./ \n*', max_size=60) | st.text(max_size=60))
def test_any_text_is_read_or_explained(text: str) -> None:
    with suppress(Misuse):
        assert isinstance(parse(text), Terms)
