"""The query language."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.errors import UsageError
from indexing.searching.syntax import Terms, parse


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
        ("Merkel (CDU), Bahn!", Terms("Merkel CDU Bahn")),
        ('("a:b") Wien, ("der Pakt"', Terms("Wien", phrases=("a:b", "der Pakt"))),
        ("Vertrag AND Pakt", Terms("Vertrag Pakt", every=True)),
        ("Vertrag NOT Pakt", Terms("Vertrag", without_words=("Pakt",))),
        ('NOT "der Pakt"', Terms(without_phrases=("der Pakt",))),
        ("NOT person:Merkel", Terms(without_names=(("people", "Merkel"),))),
        ("steht in: Berlin", Terms("steht in Berlin")),
        ("or and not Near nahe", Terms("or and not Near nahe")),
        (
            'Bahn Berlin OR "New York" OR person:Merkel OR in:2024',
            Terms(
                "Bahn",
                either=(
                    (
                        ("word", "Berlin"),
                        ("phrase", "New York"),
                        ("name", "people:Merkel"),
                        ("date", "in:2024"),
                    ),
                ),
            ),
        ),
        (
            '(Berlin OR "New York") AND (a OR b) OR c',
            Terms(
                either=(
                    (("word", "Berlin"), ("phrase", "New York")),
                    (("word", "a"), ("word", "b"), ("word", "c")),
                ),
                every=True,
            ),
        ),
        (
            '"Kim Jong Un" near Vertrag near Seoul Bahn',
            Terms("Bahn", near=(("Kim Jong Un", "Vertrag"), ("Vertrag", "Seoul"))),
        ),
        ("Kim NEAR Vertrag", Terms(near=(("Kim", "Vertrag"),))),
        ('"near" x "OR"', Terms("x", ("near", "OR"))),
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
        ('person: "Angela Merkel"', "needs a value"),
        ("-Place: Berlin", "needs a value"),
        ("in:2024-13", "is no date"),
        ("before:gestern", "is no date"),
        ("-in:2024", "cannot be excluded"),
        ('"Vertrag gebilligt', "never closed"),
        ("near Vertrag", "near lacks a term"),
        ("Vertrag near", "near lacks a term"),
        ("Vertrag near near Pakt", "near lacks a term"),
        ("Vertrag near person:Merkel", "not filters"),
        ("Vertrag near -Pakt", "excluded"),
        ("-Vertrag OR Pakt", "excluded"),
        ("a OR b near c", "one chain"),
        ("OR", "OR lacks a term"),
        ("AND Pakt", "AND lacks a term"),
        ("Pakt NOT", "NOT lacks a term"),
        ("NOT OR x", "NOT lacks a term"),
        ("NOT NOT x", "NOT lacks a term"),
        ("Pakt NOT in:2024", "cannot be excluded"),
        ("(Berlin Paris) OR Rom", "cannot group"),
        ("NOT (Berlin OR Rom)", "cannot group"),
        ("-(Berlin OR Rom)", "cannot group"),
        ("(Berlin OR (Rom Paris))", "cannot group"),
        ('NOT (Berlin OR "New York")', "cannot group"),
    ],
)
def test_a_mistake_is_explained(text: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        parse(text)


PIECES = ["OR", "AND", "NOT", "near", "-", '"a b"', "x", "(", ")", "person:x", "in:2024", "-y"]


@pytest.mark.no_cover
@pytest.mark.parametrize("piece", ["(x:y OR ", "(a OR ", "x:y OR ", "((", '"a" OR ', 'x:"', "-("])
def test_long_queries_take_no_longer(piece: str) -> None:
    start = time.process_time()
    with suppress(UsageError):
        parse(f"({piece * (2000 // len(piece))}")
    assert time.process_time() - start < 1


@given(st.lists(st.sampled_from(PIECES), max_size=8).map(" ".join))
def test_any_operators_are_read_or_explained(text: str) -> None:
    with suppress(UsageError):
        assert isinstance(parse(text), Terms)


@given(st.lists(st.sampled_from(["x", "y", '"a b"', "person:x"]), min_size=1, max_size=8))
def test_and_asks_for_all_and_for_nothing_more(terms: list[str]) -> None:
    each = parse(" ".join(terms))
    assert parse(" AND ".join(terms)) == replace(each, every=len(terms) > 1)


@given(st.text(alphabet='aB1-:"„“./ \n*', max_size=60) | st.text(max_size=60))
def test_any_text_is_read_or_explained(text: str) -> None:
    with suppress(UsageError):
        assert isinstance(parse(text), Terms)


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("Pilot:innen", "Pilot:innen"),
        ("pilot:innen", "Pilot:innen"),
        ("Politiker*innen,", "Politiker:innen"),
        ("Kolleg_innen", "Kolleg:innen"),
        ("SchülerInnen", "Schüler:innen"),
        ("Mitarbeiter/-innen", "Mitarbeiter:innen"),
        ("(Lehrer(innen))", "Lehrer:innen"),
        ("ein:e Lehrer:in,", "ein:e Lehrer:in"),
        ("kein:e,", "kein:e"),
        ("der:die Lehrer:in", "der:die Lehrer:in"),
        ("Er:sie,", "Er:sie"),
        ("place:innen", ""),
        ("Verteidi\u00adgungspakt", "Verteidigungspakt"),
        ("CDU\u2011Chef", "CDU-Chef"),
    ],
)
def test_forms_for_both_genders_are_words_and_no_filters(text: str, word: str) -> None:
    assert parse(text).words == word


def test_they_stand_wherever_a_word_may() -> None:
    assert parse("-pilot:innen").without_words == ("Pilot:innen",)
    assert parse("Ärzt:innen OR Lehrer*innen").either == (
        (("word", "Ärzt:innen"), ("word", "Lehrer:innen")),
    )
    assert parse("Ärzt*innen near Köln").near == (("Ärzt:innen", "Köln"),)
    assert parse('"Pilot*innen streiken" organisation:LinkedIn').phrases == (
        "Pilot*innen streiken",
    )
    assert parse("organisation:LinkedIn").names == (("organisations", "LinkedIn"),)
