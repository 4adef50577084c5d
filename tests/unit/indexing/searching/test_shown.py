"""What of an article is shown with a hit, and why it is one."""

from __future__ import annotations

from indexing.searching.forms import KINDS
from indexing.searching.marker import Match
from indexing.searching.query import Query
from indexing.searching.shown import Reason, Shower
from worker.commands.searching import _WHY


def _shown(query: str, loosened: bool = False, **texts: str) -> list[str]:
    shown = Shower.of(Query(query)).shown({"headline": "H", **texts}, loosened=loosened)
    return [highlight.html("[", "]") for highlight in shown.highlights]


def _reasons(query: str, *, loosened: bool = False, **texts: str) -> list[Reason]:
    return Shower.of(Query(query)).shown(texts, loosened=loosened).reasons


def test_the_sentences_with_most_of_the_words_are_shown() -> None:
    body = "Ahorn hier. Ahorn da. Ahorn dort. Birke und Ahorn. Birke."
    assert _shown("Ahorn Birke", lead="Ahorn vorn.", body=body) == [
        "[Ahorn] vorn.", "[Ahorn] hier.", "[Birke] und [Ahorn].",
    ]  # fmt: skip


def test_sentences_of_lead_and_body_come_before_the_headline() -> None:
    assert _shown("Ahorn", headline="Ahorn", body="Ein Ahorn.") == ["Ein [Ahorn]."]
    assert _shown("Ahorn", headline="Der Ahorn", body="Nichts.") == ["Der [Ahorn]"]
    assert _shown("person:Kim", lead="Am 1. Mai kam er. Dann nicht.") == [
        "Am 1. Mai kam er. Dann nicht."
    ]


def test_a_text_without_sentences_is_cut_around_the_match() -> None:
    (cut,) = _shown("Treffer", body="wort " * 2000 + "Treffer " + "wort " * 2000)
    assert "[Treffer]" in cut
    assert len(cut) < 620
    assert cut.startswith("… wort ")
    assert cut.endswith(" wort …")
    (cut,) = _shown("x" * 1000, body="x" * 1000)
    assert len(cut) < 620


def test_words_that_only_ask_are_not_marked() -> None:
    assert _shown("wer wurde Trainer von Aue", body="Trainer von Aue wurde er.") == [
        "[Trainer] von [Aue] wurde er."
    ]


def test_each_word_has_its_reason() -> None:
    body = "In München. Lieferung von Munition. Putins."
    asked = "Pakt Muenchen Munitionslieferung Putin"
    assert _reasons(asked, headline="Verteidigungspakt", body=body) == [
        Reason("compound", "Pakt", "Verteidigungspakt"),
        Reason("spelling", "Muenchen", "München"),
        Reason("part", "Munitionslieferung", "Lieferung, Munition"),
        Reason("form", "Putin", "Putins"),
    ]


def test_what_an_article_lacks_is_told_of_those_with_most_words() -> None:
    assert _reasons("Pakt Vietnam 50 %", loosened=True, body="Der Pakt.") == [
        Reason("word", "Pakt", "Pakt"),
        Reason("lacking", "Vietnam"),
        Reason("lacking", "50 %"),
    ]


def test_a_name_is_a_reason_in_whatever_form_the_article_has_it() -> None:
    assert _reasons("person:Merkel", body="Angela Merkel sprach.") == [
        Reason("name", "person:Merkel", "Merkel")
    ]
    assert _reasons("place:Mazedonien", body="In Skopje.") == [Reason("name", "place:Mazedonien")]


def test_what_is_respelled_or_near_in_meaning_is_told() -> None:
    shower = Shower.of(Query("Vertrag"), respelled={"Vertarg": "Vertrag"}, by_meaning=True)
    assert shower.shown({"body": "Der Vertrag."}).reasons == [
        Reason("respelled", "Vertarg", "Vertrag")
    ]
    assert shower.shown({"body": "Das Abkommen."}).reasons == [Reason("meaning")]


def test_what_is_found_elsewhere_may_be_added() -> None:
    match = Match(4, 10, "house", "form")
    shown = Shower.of(Query("house")).shown({"body": "Two houses."}, also={"body": [match]})
    assert [highlight.html("[", "]") for highlight in shown.highlights] == ["Two [houses]."]
    assert shown.reasons == [Reason("form", "house", "houses")]


def test_every_kind_has_words_on_the_command_line() -> None:
    assert {*KINDS, "lacking", "meaning", "earlier"} == {*_WHY}
