"""Highlights as offsets: what an article says of itself changes nothing."""

from __future__ import annotations

import html
import re

from hypothesis import given
from hypothesis import strategies as st

from indexing.searching.highlights import Highlight, apart, cut, on_one_line
from tests.linear import assert_linear

PIECES = st.lists(st.sampled_from(["<em>", "</em>", "\\", "[/]", " ", "\n", "  ", "Amt", "&", "é"]))
MARKED = st.lists(st.tuples(PIECES.map("".join), st.booleans()), max_size=8)


def _highlight(parts: list[tuple[str, bool]]) -> Highlight:
    text, marks = "", []
    for part, match in parts:
        marks += [(len(text), len(text) + len(part))] if match else []
        text += part
    return Highlight(text, apart(marks))


def _matches(highlight: Highlight) -> list[str]:
    return [text for text, match in highlight.parts() if match]


@given(MARKED)
def test_what_was_marked_is_marked_whatever_the_text_says(parts: list[tuple[str, bool]]) -> None:
    highlight = _highlight(parts)
    assert highlight.text == "".join(text for text, _ in parts)
    assert "".join(_matches(highlight)) == "".join(text for text, match in parts if match)
    assert "".join(text for text, _ in highlight.parts()) == highlight.text


@given(MARKED)
def test_on_one_line_the_marks_stay_on_their_words(parts: list[tuple[str, bool]]) -> None:
    highlight = _highlight(parts)
    line = on_one_line(highlight)
    assert line.text == " ".join(highlight.text.split())
    marked = "".join("".join(_matches(highlight)).split())
    assert "".join("".join(_matches(line)).split()) == marked
    assert all(0 <= start < end <= len(line.text) for start, end in line.marks)


@given(MARKED, st.integers(1, 40))
def test_what_is_cut_is_short_and_of_the_text(parts: list[tuple[str, bool]], longest: int) -> None:
    line = on_one_line(_highlight(parts))
    short = cut(line, longest)
    assert len(short.text) <= longest + len("…  …")
    assert all(0 <= start < end <= len(short.text) for start, end in short.marks)
    assert short.text.removeprefix("… ").removesuffix(" …") in line.text


@given(MARKED)
def test_html_is_escaped_but_for_the_tags_that_were_asked_for(
    parts: list[tuple[str, bool]],
) -> None:
    highlight = _highlight(parts)
    written = highlight.html("<b>", "</b>")
    assert html.unescape(re.sub("</?b>", "", written)) == highlight.text
    assert "<em>" not in written
    assert written.count("<b>") == len(highlight.marks)


def test_marks_that_overlap_become_one() -> None:
    assert apart([(4, 9), (0, 2), (3, 5), (7, 7), (9, 10)]) == ((0, 2), (3, 9), (9, 10))


def test_long_texts_take_linear_time() -> None:
    for piece in ("<em>", " ", "a ", "</"):
        assert_linear(lambda text: cut(on_one_line(Highlight(text, ((0, 1),))), 600), piece)
