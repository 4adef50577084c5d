"""Plain text below a head of fields."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

import pytest

from articles.article import Article
from articles.errors import Unreadable
from extraction.formats.parse import parse
from tests.linear import assert_linear
from tests.unit.extraction.formats.held import free

NOON = dt.datetime(2024, 6, 19, 12, tzinfo=dt.UTC)


def read(text: str) -> Article:
    return free(parse(text.encode(), "a.txt", received=NOON))


def test_fields_are_parts_of_the_article() -> None:
    article = read(
        "Dachzeile: Pakt\nTitel: Putin und Kim\n  unterzeichnen\nAutor: Anna Muster\n"
        "Datum: 19.06.2024\nRessort: Politik\nSchlagworte: Pakt, Korea; Moskau\n"
        "Textsorte: Bericht\nVersion: 3\nGeändert: 20.06.2024\nKürzel: am\n\nVorspann.\n\nText."
    )
    assert (article.kicker, article.headline) == ("Pakt", "Putin und Kim unterzeichnen")
    assert (article.byline, article.lead, article.body) == (("Anna Muster",), "Vorspann.", "Text.")
    assert article.published
    assert article.published.value == "2024-06-19"
    assert article.source.format == "headed"
    assert article.subjects == ("Pakt", "Korea", "Moskau", "Politik")
    assert (article.genre, article.source.version) == (("Bericht",), "3")
    assert article.modified == "2024-06-20"
    assert "'kürzel'" in article.source.warnings[0]


@pytest.mark.parametrize(
    "text",
    [
        "Titel: Ein Buch\n\nText.",
        "Autor: Anna\nDatum: 2024\n\nText.",
        "Titel: Ein Buch\nEin Satz.\nDatum: 2024\n\nText.",
        "Berlin: Ein Titel\nWien: Noch einer\n\nText.",
        "Titel: A\nDatum: 2024",
        "Titel: Der Pate\nGenre: Drama\n\nText.",
    ],
    ids=["one", "no headline", "a line", "unknown", "no text", "of a film"],
)
def test_other_texts_are_none(text: str) -> None:
    assert read(text).source.format == "plain"


def test_an_embargo_among_the_fields_holds_it_back() -> None:
    head = "Titel: Pakt\nDatum: 19.06.2024\nSperrfrist: {}\n\nText."
    with pytest.raises(Unreadable, match="under embargo until 2024-06-19T18:00:00"):
        read(head.format("19.06.2024, 18:00 Uhr"))
    assert read(head.format("19.06.2024, 13:00 Uhr")).headline == "Pakt"
    with pytest.raises(Unreadable, match="end cannot be read"):
        read(head.format("bis auf weiteres"))


@pytest.mark.parametrize("piece", ["Titel: A\n", " b", "a: b\n", "\n"])
def test_time_grows_with_the_text_alone(piece: str) -> None:
    def read_any(text: str) -> None:
        with suppress(Unreadable):
            read(f"Titel: A\nAutor: B\n{text}\n\nText")

    assert_linear(read_any, piece)
