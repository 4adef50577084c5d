"""Institutions without a name: ``das Bezirksgericht``."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.article import Mention
from extraction.entities.bare_kinds import is_bare_kind
from extraction.entities.names import canonical


def kept(text: str, *surfaces: str) -> list[str]:
    """Mark the surfaces as organisations; return those that stay names."""
    starts = [text.index(surface) for surface in surfaces]
    mentions = [
        Mention("ORG", "", surface, "body", at, at + len(surface))
        for surface, at in zip(surfaces, starts, strict=True)
    ]
    return [m.surface for m in canonical(mentions, {"body": text})]


@pytest.mark.parametrize("word", ["Bezirksgericht", "Magistrats", "Staatsanwaltschaften", "Klinik"])
def test_kinds_in_any_form(word: str) -> None:
    assert is_bare_kind(word)


@pytest.mark.parametrize("word", ["Bundesregierung", "Landtag", "Luftwaffe", "Gerichtsvollzieher"])
def test_what_often_is_a_name_is_none(word: str) -> None:
    assert not is_bare_kind(word)


def test_an_institution_without_a_name_is_left_out() -> None:
    assert kept("Er arbeitete beim Magistrat.", "Magistrat") == []
    assert kept("Das entschied das Bezirksgericht.", "Bezirksgericht") == []


def test_one_that_points_back_to_a_name_stays() -> None:
    text = "Das Landgericht Köln wies die Klage ab. Beim Landgericht hieß es nichts."
    back = text.rindex("Landgericht")
    marked = [
        Mention("ORG", "", "Landgericht Köln", "body", 4, 20),
        Mention("ORG", "", "Landgericht", "body", back, back + len("Landgericht")),
    ]
    assert len(canonical(marked, {"body": text})) == len(marked)


@given(st.text(max_size=20))
def test_any_word_gets_an_answer(word: str) -> None:
    assert is_bare_kind(word) in (True, False)
