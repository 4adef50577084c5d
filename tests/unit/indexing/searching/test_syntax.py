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
        ("https://example.org 12:30", Terms("example.org 12_zu_30")),
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


@pytest.mark.parametrize(
    "text",
    [
        "||",
        "!",
        '""',
        "--",
        '"',
        "(",
        ")",
        "„",
        "...",
        "-",
        "&&",
        "$%",
        "[]",
        "{}",
        "*",
        "**",
        "~",
        "^",
        "\\",
        "-!",
        '"!"',
        '-"…"',
        "__",
        ";",
        "''",
    ],
)
def test_signs_alone_ask_for_nothing(text: str) -> None:
    assert not parse(text)
    assert parse(f"Wien {text}") == Terms("Wien")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Sieg 3 : 2", "Sieg 3_zu_2"),
        ("10 000 Menschen", "10000 Menschen"),
        ("50 % mehr", "50_prozent mehr"),
        ("§ 218 StGB", "paragraf_218 StGB"),
        ("Flug A 380", "Flug A380"),
        ("Sieg durch K. o.", "Sieg durch Ko"),
        ("(H&M)", "H_et_M"),
        ("Moody’s", "Moody_s"),
    ],
)
def test_what_people_type_is_one_word(text: str, words: str) -> None:
    assert parse(text) == Terms(words)


def test_words_may_be_had_as_they_are_written() -> None:
    assert parse("(10.000) 50 % Moody’s", as_written=True) == Terms("10.000 50 Moody’s")


def test_phrases_and_filters_stay_as_they_are_written() -> None:
    text = '"50 % mehr" person:O’Neill place:"G 20"'
    names = (("people", "O’Neill"), ("places", "G 20"))
    assert parse(text) == Terms(phrases=("50 % mehr",), names=names)


@pytest.mark.parametrize("text", ["*waffen", "W*", "W*en", "*in", "-*krieg", "a*b*c*d*e*f"])
def test_a_star_that_fits_too_much_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="two letters at least"):
        parse(text)


def test_whoever_looks_for_an_ending_is_told_of_compounds() -> None:
    with pytest.raises(UsageError, match="found by their parts: Waffen"):
        parse("*waffen")


@pytest.mark.parametrize("word", ["Waffen*", "Wa*en", "Wa*e*", "Pilot*in", "Beamt*innen"])
def test_a_star_behind_letters_or_before_an_ending_will_do(word: str) -> None:
    assert parse(word).words


def test_a_date_is_missing_for_one_of_four_reasons() -> None:
    assert parse("undated:Missing").names == (("date_problem", "Missing"),)
    with pytest.raises(UsageError, match="missing, unreadable, ambiguous, future"):
        parse("undated:foo")


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
