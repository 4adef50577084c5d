"""Word documents of before 2007: paragraphs, styles, tables; not what is deleted, hidden, codes."""

from __future__ import annotations

import struct
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.errors import ArticleFault, Unreadable
from extraction.confined.limits import NORMAL
from extraction.documents.doc import read_doc
from extraction.formats.parse import parse
from tests.unit.extraction.documents.made_doc import Para, doc, old_doc, row
from tests.unit.extraction.documents.made_outlook import compound

SAMPLE = Path(__file__).parents[4] / "seeds" / "formats" / "bericht.doc"
STYLES = ("Normal", "Dachzeile", "Titel", "Vorspann")


def texts(data: bytes) -> list[str]:
    return [block.text for block in read_doc(data, NORMAL).blocks]


def refused(data: bytes) -> Unreadable:
    with pytest.raises(Unreadable) as fault:
        parse(data, "a.doc")
    return fault.value


@pytest.mark.parametrize("name", ["a.doc", "a.dot", "ohne-endung"])
def test_one_that_libreoffice_wrote_is_an_article(name: str) -> None:
    article = parse(SAMPLE.read_bytes(), name)
    assert article.source.format == "doc"
    assert article.headline == "Greifswald zählt Störche auf den Dächern der Altstadt"
    assert article.lead.startswith("Auf dem Dom Sankt Nikolai")
    assert (article.published and article.published.value) == "2005-04-12"
    assert article.byline == ("Jonas Petersen",)


def test_what_is_what_is_told_by_the_names_of_styles() -> None:
    kicker, title, lead = Para("Wasserbau", 1), Para("Neue Schleuse", 2), Para("Der Rat.", 3)
    article = parse(doc([lead, kicker, title, "Text."], STYLES), "a.doc")
    assert (article.kicker, article.headline, article.lead) == (
        "Wasserbau",
        "Neue Schleuse",
        "Der Rat.",
    )


@pytest.mark.parametrize("pieces", [1, 2, 7])
def test_letters_of_one_byte_two_bytes_and_two_units_are_read_in_pieces(pieces: int) -> None:
    assert texts(doc(["Größe – 5 €.", "Ende."], wide=False, pieces=pieces)) == [
        "Größe – 5 €.",
        "Ende.",
    ]
    assert texts(doc(["Ελλάς 😀 Größe.", "Ende."], pieces=pieces)) == ["Ελλάς 😀 Größe.", "Ende."]


@pytest.mark.parametrize("how", ["hidden", "deleted"])
@pytest.mark.parametrize("wide", [True, False])
def test_what_is_hidden_or_deleted_is_no_text(how: str, wide: bool) -> None:
    data = doc(
        ["Der Rat GEHEIM hat", "es beschlossen."], gone=("GEHEIM ", how), wide=wide, pieces=3
    )
    assert texts(data) == ["Der Rat hat", "es beschlossen."]


def test_a_paragraph_whose_end_is_deleted_goes_on() -> None:
    data = doc(["Der Rat ", "hat es."], gone=("\r", "deleted"))
    assert texts(data) == ["Der Rat hat es."]


def test_of_fields_their_results_are_read() -> None:
    link = 'Der \x13 HYPERLINK "https://x.example" \x13 PAGE \x147\x15\x14Bund\x15 zahlt.'
    assert texts(doc([link])) == ["Der Bund zahlt."]
    over_two = ["Vor \x13 INDEX", "still \x14da\x15 danach."]
    assert texts(doc(over_two)) == ["Vor", "da danach."]


def test_a_row_of_a_table_is_a_paragraph() -> None:
    table = [*row("Jahr", "Kosten"), *row("2025", "40 Mio."), Para("Danach.")]
    assert texts(doc(["Davor.", *table])) == ["Davor.", "Jahr Kosten", "2025 40 Mio.", "Danach."]


def test_signs_of_pictures_and_notes_go_and_line_ends_stay() -> None:
    assert texts(doc(["Eine\x0bZeile\x02, ein\x1eBild\x01.\x0cNeue Seite."])) == [
        "Eine\nZeile, ein-Bild.",
        "Neue Seite.",
    ]


def test_one_of_word_95_is_read_and_one_that_was_saved_in_pieces_is_not() -> None:
    assert texts(old_doc("Größe\rDer Rat\x07 hat.\r")) == ["Größe", "Der Rat", "hat."]
    assert "in pieces" in refused(old_doc("Der Rat hat es.\r", flags=4)).reason


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (doc(["Geheim."], flags=0x0300), "encrypted"),
        (compound({"PowerPoint Document": b"x"}), "none of Word's"),
        (compound({"WordDocument": b"\xdb\xa5" + bytes(100)}), "before 1993"),
        (compound({"WordDocument": b"\xec\xa5" + bytes(2_000)}), "broken"),
        (doc(["Der Rat hat es."])[:700], "broken"),
        (doc([""]), "no text"),
    ],
)
def test_what_cannot_be_read_says_so_and_what_to_do(data: bytes, says: str) -> None:
    fault = refused(data)
    assert says in fault.reason
    assert fault.advice


def test_one_that_claims_more_letters_than_it_has_is_no_bomb() -> None:
    data = bytearray(doc(["Der Rat hat es. " * 300]))
    at = data.index(b"\xec\xa5\xc1\x00")
    struct.pack_into("<I", data, at + 0x4C, 0x7FFF_FFFF)
    assert "more letters than bytes" in refused(bytes(data)).reason


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_whatever_is_changed_it_is_read_or_refused(data: st.DataObject) -> None:
    raw = bytearray(doc(["Der Rat hat es.", *row("a", "b")], STYLES, ("Rat", "hidden"), pieces=2))
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    with suppress(ArticleFault):
        assert isinstance(texts(bytes(raw)), list)
