"""Stems as the index has them; ``tests/integration/test_search_german.py`` asks Elasticsearch."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from german.stems import folded, stem


@pytest.mark.parametrize(
    ("shared", "forms"),
    [
        ("vertrag", "Vertrag Verträge Vertrages verträgen"),
        ("koln", "Köln Koeln KOELN Kölns"),
        ("neu", "neue neuen neuer"),
        ("quell", "Quelle Quellen"),
        ("strass", "Straße Strasse Strassen"),
        ("karadzic", "Karadžić Karadzic"),
    ],
)
def test_forms_share_a_stem(shared: str, forms: str) -> None:
    assert {stem(form) for form in forms.split()} == {shared}


def test_an_e_goes_only_where_it_stands_for_points() -> None:
    words = "Aerger Ärger Neue Quelle Soest Bauer Äeb"
    assert [folded(word) for word in words.split()] == [
        "arger", "arger", "neue", "quelle", "sost", "bauer", "aeb",
    ]  # fmt: skip


@given(st.text(max_size=40))
def test_any_string_has_one(word: str) -> None:
    assert len(stem(word)) <= len(folded(word))
