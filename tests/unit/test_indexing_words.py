"""The clauses for one word of a query."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from indexing.words import any_form, compounds_with, is_compound, marks


def test_all_words_make_one_pattern_short_ones_and_numbers_none() -> None:
    (clause,) = compounds_with("body", ["Pakte", "Lieferung", "EU", "2024", "Pakt"])
    assert clause == {"regexp": {"body.exact": {"value": ".*(pakt|lieferung).*"}}}
    assert compounds_with("body", ["EU", "2024"]) == []


@given(st.lists(st.text(max_size=60), max_size=300))
def test_a_pattern_is_one_that_elasticsearch_takes(words: list[str]) -> None:
    for clause in compounds_with("body", words):
        pattern = clause["regexp"]["body.exact"]["value"]
        assert len(pattern) <= 1000
        assert re.fullmatch(r"\.\*\([^\W\d_]+(\|[^\W\d_]+)*\)\.\*", pattern)


def test_parts_of_a_compound_stand_near_or_apart() -> None:
    assert is_compound("Mordprozess")
    assert not is_compound("Prozess")
    assert "intervals" in str(any_form("Mordprozess"))
    assert "intervals" not in str(any_form("Mordprozess", apart=True))


def test_a_prefix_is_marked_as_a_prefix_only() -> None:
    assert marks("body", "Verteidig*") == [{"match_phrase_prefix": {"body.exact": "Verteidig*"}}]
