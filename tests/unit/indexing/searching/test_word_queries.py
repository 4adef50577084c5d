"""The clauses for one word of a query."""

from __future__ import annotations

from indexing.searching.word_queries import any_form, is_compound


def test_parts_of_a_compound_stand_near_or_apart() -> None:
    assert is_compound("Mordprozess")
    assert not is_compound("Prozess")
    assert "intervals" in str(any_form("Mordprozess"))
    assert "intervals" not in str(any_form("Mordprozess", apart=True))


def test_what_is_typed_may_stand_apart_where_not_all_is_found() -> None:
    assert is_compound("50_prozent")
    assert not is_compound("h_et_m")
    assert "match_phrase" in str(any_form("iPhone6s"))
    assert "must" in str(any_form("50_prozent", apart=True))
    assert "must" not in str(any_form("50_prozent"))


def test_a_word_that_is_open_inside_is_asked_for_as_texts_have_it() -> None:
    assert any_form("Kö*LN") == {"wildcard": {"text.folded": {"value": "ko*ln"}}}
