"""The list of names that words are made of."""

from __future__ import annotations

from typing import get_args

from articles.article import Label
from extraction.entities.inner_names import inner_names, listed


def test_each_form_is_written_once_and_has_a_label() -> None:
    names = inner_names()
    assert {inner.label for inner in names.values()} == set(get_args(Label))
    assert all(form and form == form.strip() and "=" not in form for form in names)
    assert all(inner.name and "=" not in inner.name for inner in names.values())


def test_lists_tell_what_is_sure_from_what_may_be() -> None:
    assert listed("Nato").sure == {"ORG"}
    assert listed("Merkel").sure == {"PER"}
    assert listed("Irak").sure == {"LOC"}
    assert not listed("Weltraum").sure
    assert "ORG" in listed("Stern").unsure
    assert not listed("Stern").sure
    assert not any(listed("Xyzq"))
