"""The clauses for one word of a query."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from indexing.searching.word_queries import (
    any_form,
    compounds_in,
    compounds_marked,
    is_compound,
    marks,
)


def test_compounds_are_found_by_any_of_their_parts() -> None:
    texts = [
        "Der Verteidigungspakt und die Munitionslieferungen.",
        "Paktierer liefern an die EU-Rat.",
    ]
    assert compounds_in(texts, ["Pakte", "Lieferung", "EU", "2024"]) == [
        "Verteidigungspakt",
        "Munitionslieferungen",
        "Paktierer",
    ]
    assert compounds_in(texts, ["EU", "2024"]) == []


def test_a_word_in_small_letters_is_no_compound_of_nouns() -> None:
    assert compounds_in(["Das Gericht hat eingesetzt, was das Grundgesetz will."], ["Gesetz"]) == [
        "Grundgesetz"
    ]


def test_a_run_of_letters_without_end_takes_no_time() -> None:
    start = time.process_time()
    assert compounds_in(["A" * 1_000_000], ["Vertrag"]) == []
    assert time.process_time() - start < 1


@given(st.lists(st.text(max_size=60)), st.lists(st.text(max_size=60), max_size=30))
def test_any_texts_and_words_will_do(texts: list[str], words: list[str]) -> None:
    for compound in compounds_in(texts, words):
        assert any(compound in text for text in texts)
    assert compounds_marked("body", []) == []


def test_parts_of_a_compound_stand_near_or_apart() -> None:
    assert is_compound("Mordprozess")
    assert not is_compound("Prozess")
    assert "intervals" in str(any_form("Mordprozess"))
    assert "intervals" not in str(any_form("Mordprozess", apart=True))


def test_a_prefix_is_marked_as_a_prefix_only() -> None:
    assert marks("body", "Verteidig*") == [{"match_phrase_prefix": {"body.exact": "Verteidig*"}}]
