"""Towns whose names a tagger cut are made whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.article import Mention
from extraction.entities.situated import with_situated


def marked(text: str, *surfaces: str) -> list[Mention]:
    """Mark the places one after the other."""
    mentions, at = [], 0
    for surface in surfaces:
        at = text.index(surface, at)
        mentions.append(Mention("LOC", surface, surface, "body", at, at + len(surface)))
        at += len(surface)
    return mentions


@pytest.mark.parametrize(
    ("text", "surfaces", "whole"),
    [
        ("In Waidhofen an der Ybbs brannte es", ["Waidhofen", "Ybbs"], ["Waidhofen an der Ybbs"]),
        ("Auch Bruck an der Leitha wuchs", ["Bruck"], ["Bruck an der Leitha"]),
        ("Frankfurt am Main Samstag früh", ["Frankfurt", "Main"], ["Frankfurt am Main"]),
        ("Auch Wien an der Donau feiert", ["Wien", "Donau"], ["Wien", "Donau"]),
        ("In Wien am Montag, in Graz", ["Wien", "Graz"], ["Wien", "Graz"]),
        ("Er lebt in Bruck an der Grenze", ["Bruck"], ["Bruck"]),
    ],
)
def test_towns_are_made_whole(text: str, surfaces: list[str], whole: list[str]) -> None:
    made = with_situated(marked(text, *surfaces), {"body": text})
    assert [m.surface for m in made] == whole
    assert all(text[m.start : m.end] == m.surface for m in made)


@given(st.text(alphabet="WBaden rimnL.", max_size=40), st.integers(0, 40), st.integers(1, 9))
def test_any_text_is_read(text: str, start: int, length: int) -> None:
    mention = Mention("LOC", "x", text[start : start + length], "body", start, start + length)
    (made,) = with_situated([mention], {"body": text})
    assert made.start == mention.start
    assert made.end >= mention.end
