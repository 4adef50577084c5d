"""Highlights as whole sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.searching.marker import Marker
from indexing.searching.sentences import beginning, marked_sentences

TEXT = (
    "Zwischenzeile\n\nDer Pakt wurde am 28. Januar von Dr. Angela Merkel, z. B. in Berlin, "
    "besiegelt. Danach kam Wilhelm II. Herrscher, George W. Bush und die 75. Tagung. Am Ende "
    "waren es 30. Die Bahn fuhr.\n\nAm 1. Mai ruhte sie.\n\nEin Absatz ohne Punkt\n\nNeues."
)
FIRST = "Der Pakt wurde am 28. Januar von Dr. Angela Merkel, z. B. in Berlin, besiegelt."
SECOND = "Danach kam Wilhelm II. Herrscher, George W. Bush und die 75. Tagung."


def shown(text: str, words: str) -> list[str]:
    stretches = marked_sentences(text, Marker(words.split()).matches(text))
    return [stretch.highlight(text).html("[", "]") for stretch in stretches]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Januar", [FIRST.replace("Januar", "[Januar]")]),
        ("Pakt Berlin", [FIRST.replace("Pakt", "[Pakt]").replace("Berlin", "[Berlin]")]),
        ("Bush", [SECOND.replace("Bush", "[Bush]")]),
        ("Pakt Bush", [FIRST.replace("Pakt", "[Pakt]"), SECOND.replace("Bush", "[Bush]")]),
        ("Bahn", ["Die [Bahn] fuhr."]),
        ("Mai", ["Am 1. [Mai] ruhte sie."]),
        ("Absatz", ["Ein [Absatz] ohne Punkt"]),
        ("Nirgends", []),
    ],
)
def test_matches_stand_in_whole_sentences(words: str, expected: list[str]) -> None:
    assert shown(TEXT, words) == expected


def test_a_match_that_reaches_into_the_next_sentence_joins_both() -> None:
    text = "Es war so. Dann kam er. Und ging."
    stretches = marked_sentences(text, Marker(phrases=["so dann"]).matches(text))
    assert [s.highlight(text).html("[", "]") for s in stretches] == ["Es war [so. Dann] kam er."]


def test_a_beginning_is_of_whole_sentences() -> None:
    (first,) = beginning("Am 1. Mai kam Dr. Merkel. " * 5, 60)
    assert first.text == "Am 1. Mai kam Dr. Merkel. Am 1. Mai kam Dr. Merkel."
    assert beginning("", 60) == []


WORDS = st.lists(st.sampled_from(["Dr.", "3.", "Januar", "Die", "Bahn.", "\n\n", "z. B.", "x"]))


@given(WORDS, WORDS, WORDS)
def test_what_is_shown_is_of_the_text_and_marks_the_match(
    before: list[str], inside: list[str], after: list[str]
) -> None:
    text = " ".join([*before, "TREFFER", *inside, "TREFFER", *after])
    stretches = marked_sentences(text, Marker(["TREFFER"]).matches(text))
    highlights = [stretch.highlight(text) for stretch in stretches]
    marks = [part for shown in highlights for part, match in shown.parts() if match]
    assert marks == ["TREFFER", "TREFFER"]
    assert all(shown.text in text for shown in highlights)
