"""One text, cut once, for all that read it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.article import Published
from extraction.analysed_text import AnalysedField, AnalysedText, analysed, analysed_field
from extraction.entities.context import Context
from extraction.entities.roles import sentence_before
from extraction.keyphrases.tokens import weighted_words
from extraction.quotes import tokens as quote_tokens
from extraction.quotes.paragraphs import paragraphs
from extraction.temporal import read_dates
from extraction.temporal.token import tokenise
from extraction.text import Text
from extraction.understand import named, understood
from german.sentences import Span
from german.sentences import sentences as cut
from german.tokens import Tokens, tokens
from indexing.searching.highlights import Highlight
from indexing.searching.marker import Match
from indexing.searching.sentences import marked_sentences

TEXT = "Das sagte Dr. Merkel. „Gut so.“\n\nSie ging."


def test_the_cuts_of_a_field_are_made_once() -> None:
    field = AnalysedField(TEXT)
    assert field.tokens is field.tokens
    assert field.sentences == [Span(0, 21), Span(22, 31), Span(33, 42)]
    assert field.sentence_ends == [21, 31, 42]
    assert field.paragraphs == [Span(0, 31), Span(33, 42)]
    assert field.stops == {21, 31, 42}


def test_what_stands_between_two_places() -> None:
    field = AnalysedField(TEXT)
    assert field.ends_between(0, 31) == [21]
    assert field.ends_between(21, 42) == [31]
    assert [mark.start for mark in field.marks(22, 30)] == [22]
    assert [mark.start for mark in field.marks(23, 31)] == [30]


@pytest.mark.parametrize(("at", "start"), [(0, 0), (14, 0), (21, 0), (22, 22), (32, 22), (42, 33)])
def test_the_sentence_around_a_place(at: int, start: int) -> None:
    assert AnalysedField(TEXT).sentence_start(at) == start


def test_a_text_is_a_mapping_whose_fields_are_shared() -> None:
    text = analysed({"headline": "Ja", "body": TEXT})
    assert dict(text) == {"headline": "Ja", "body": TEXT}
    assert len(text) == 2
    assert analysed(text) is text
    assert text.of("body") is text.of("body")
    assert analysed_field(text.of("body")) is text.of("body")
    assert analysed_field("Ja").text == "Ja"
    assert text.of("lead").text == ""
    assert text.of("lead").sentence_start(0) == 0


def test_an_article_is_cut_once_by_all_its_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    texts: list[str] = []

    def counted(text: str) -> Tokens:
        texts.append(text)
        return tokens(text)

    monkeypatch.setattr("extraction.analysed_text.tokens", counted)
    understood(named(Text(headline="Merkel ging", body=TEXT), []), {})
    assert sorted(filter(None, texts)) == [TEXT, "Merkel ging"]


HARD = [
    "Das sagte Dr. Merkel. Er kam i.d.R. montags.",
    "Sie lebt in St. Pölten. Er nicht.",
    "Am 3. Mai fiel Schnee. Der 1. FC Köln siegte.",
    "Das Buch von J. R. R. Tolkien gefiel. Es kostet 3 Mio. Euro.",
    "Er kam usw. Die anderen gingen.\n\nÜberschrift ohne Punkt\n\nEs waren 30. Die Bahn fuhr.",
    "Er zögerte ... und ging. Was?! Niemand kam.",
]


@pytest.mark.parametrize("text", HARD)
def test_all_readers_see_the_same_sentences(text: str) -> None:
    wanted = [text[a:b] for a, b in cut(text)]
    field = AnalysedField(text)
    rows = [
        row
        for p in paragraphs(field)
        for row in quote_tokens.sentences(
            quote_tokens.tokens(field, p.start, p.end, p.pairs, []), field.stops
        )
    ]
    assert [text[row[0].start : row[-1].end] for row in rows] == wanted
    assert [w.text for w in weighted_words({"body": text}) if w.opens] == [
        next(t.text for t in AnalysedField(s).tokens) for s in wanted
    ]
    assert sorted(tokenise(text).stops) == [b for _, b in cut(text)]
    context = Context(AnalysedText({"body": text}), [])
    assert [sentence_before(context, "body", b) for _, b in cut(text)] == wanted
    for start, end in cut(text):
        match = Match(start, start + 1, "x", "word")
        (shown,) = marked_sentences(text, [match])
        assert shown.highlight(text) == Highlight(text[start:end], ((0, 1),))


def test_the_tense_of_a_date_is_told_by_its_whole_sentence() -> None:
    """``Dr.`` ends no sentence: the verb behind it speaks of the weekday before it, too."""
    (found,) = read_dates("Am Mittwoch hat Dr. Merkel gesprochen.", Published("2024-06-17", "day"))
    assert found.value == "2024-06-12"


@given(st.text(max_size=60), st.integers(0, 60))
def test_a_sentence_starts_at_or_before_each_place(text: str, at: int) -> None:
    assert AnalysedField(text).sentence_start(at) <= at or not text[: at + 1].strip()
