"""Highlights as whole sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.searching.sentences import whole

TAGS = ("[", "]")
TEXT = (
    "Zwischenzeile\n\nDer Pakt wurde am 28. Januar von Dr. Angela Merkel, z. B. in Berlin, "
    "besiegelt. Danach kam Wilhelm II. Herrscher, George W. Bush und die 75. Tagung. Am Ende "
    "waren es 30. Die Bahn fuhr.\n\nEin Absatz ohne Punkt\n\nNeues."
)
FIRST = "Der Pakt wurde am 28. Januar von Dr. Angela Merkel, z. B. in Berlin, besiegelt."


@pytest.mark.parametrize(
    ("fragments", "expected"),
    [
        (["[Januar] von Dr."], [FIRST.replace("Januar", "[Januar]")]),
        (["Der [Pakt] wurde am 28. "], [FIRST.replace("Pakt", "[Pakt]")]),
        (
            ["[Januar] von Dr. ", "Zwischenzeile\n\nDer [Pakt] wurde am 28. ", "B. in [Berlin], "],
            [
                FIRST.replace("Januar", "[Januar]")
                .replace("Pakt", "[Pakt]")
                .replace("in Berlin, b", "in [Berlin], b")
            ],
        ),
        (["[Bush] und die 75. "], [("Danach kam Wilhelm II. Herrscher, George W. [Bush] und die "
          "75. Tagung.")]),
        (["Die [Bahn] fuhr.\n\nEin Absatz ohne Punkt\n\nNeues."], ["Die [Bahn] fuhr."]),
        (["Ein [Absatz] ohne Punkt\n\nNeues."], ["Ein [Absatz] ohne Punkt"]),
        (["[Nirgends]"], ["[Nirgends]"]),
        (["Der Pakt wurde am 28. "], [FIRST]),
    ],
)  # fmt: skip
def test_fragments_become_sentences(fragments: list[str], expected: list[str]) -> None:
    assert [shown.html(*TAGS) for shown in whole(TEXT, fragments, TAGS)] == expected


WORDS = st.lists(st.sampled_from(["Dr.", "3.", "Januar", "Die", "Bahn.", "\n\n", "z. B.", "x"]))


@given(WORDS, WORDS, WORDS)
def test_what_is_shown_is_of_the_text_and_marks_the_match(
    before: list[str], inside: list[str], after: list[str]
) -> None:
    text = " ".join([*before, *inside, "TREFFER", *after])
    fragment = " ".join([*inside, "[TREFFER]"])
    (shown,) = whole(text, [fragment], TAGS)
    assert [part for part, match in shown.parts() if match] == ["TREFFER"]
    assert shown.text in text
