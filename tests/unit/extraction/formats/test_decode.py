"""Bytes to text: encodings, broken bytes, and what is no text at all."""

from __future__ import annotations

import codecs
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.errors import Unreadable
from extraction.formats.clean import clean, one_line
from extraction.formats.decode import decode

TEXT = "Größe und Maß: „Über Österreich“ – so weiß es jeder.\nZürich grüßt."


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        (TEXT.encode(), "utf-8"),
        (codecs.BOM_UTF8 + TEXT.encode(), "utf-8-sig"),
        (TEXT.encode("cp1252"), "cp1252"),
        (codecs.BOM_UTF16_LE + TEXT.encode("utf-16-le"), "utf-16-le"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16-be"),
        (codecs.BOM_UTF32_LE + TEXT.encode("utf-32-le"), "utf-32-le"),
        (codecs.BOM_UTF32_BE + TEXT.encode("utf-32-be"), "utf-32-be"),
        (TEXT.encode("utf-16-le"), "utf-16-le"),
        (TEXT.encode("utf-16-be"), "utf-16-be"),
        (TEXT.replace("\n", "\r\n").encode(), "utf-8"),
        (TEXT.replace("\n", "\r").encode(), "utf-8"),
        (unicodedata.normalize("NFD", TEXT).encode(), "utf-8"),
    ],
)
def test_encodings(data: bytes, encoding: str) -> None:
    found = decode(data)
    assert (found.text, found.encoding) == (TEXT, encoding)
    assert bool(found.warnings) == (not encoding.startswith("utf-8"))


def test_undefined_bytes_are_latin_1() -> None:
    found = decode("Über Köln".encode("latin-1") + b"\x81 ging es")
    assert (found.text, found.encoding) == ("Über Köln ging es", "latin-1")
    assert "Latin-1" in found.warnings[0]


def test_few_broken_bytes_do_not_spoil_the_umlauts() -> None:
    found = decode("Größe, Maß, Übung und ".encode() + b"\xe4hnlich" + " für alle".encode())
    assert found.text == "Größe, Maß, Übung und ähnlich für alle"
    assert found.encoding == "utf-8+cp1252"
    assert "1 wrong byte" in found.warnings[0]


@pytest.mark.parametrize("lost", [1, 2])
def test_cut_off_character_is_dropped_and_said(lost: int) -> None:
    found = decode("Größe und Maß „Wort“".encode()[:-lost])
    assert (found.text, found.encoding) == ("Größe und Maß „Wort", "utf-8")
    assert "cut off" in found.warnings[0]


def test_cp1252_that_ends_in_an_umlaut_is_not_cut_off() -> None:
    assert decode(b"Gru\xdf").text == "Gruß"


def test_cp1252_sharp_s_before_a_quote_is_not_utf8() -> None:
    assert decode("Der „Spaß“ für alle".encode("cp1252")).text == "Der „Spaß“ für alle"


def test_few_control_characters_are_removed_and_said() -> None:
    found = decode(b"Ein Text\x00 mit\x07 Resten, sonst ist er ganz in Ordnung.\x1a")
    assert found.text == "Ein Text mit Resten, sonst ist er ganz in Ordnung."
    assert found.warnings == ("3 control characters were removed, 1 of them NUL bytes.",)


@pytest.mark.parametrize("data", [b"", b" \r\n\t ", codecs.BOM_UTF8, "\u00a0\u200b".encode()])
def test_empty(data: bytes) -> None:
    with pytest.raises(Unreadable, match="empty"):
        decode(data)


@pytest.mark.parametrize(
    "data",
    [bytes(range(256)) * 4, b"\x00" * 100, b"Text" + b"\x00" * 50 + b"Text" * 10],
)
def test_what_is_mostly_control_characters_is_refused(data: bytes) -> None:
    with pytest.raises(Unreadable, match="binary") as raised:
        decode(data)
    assert raised.value.advice


@given(st.text())
def test_clean_is_idempotent_and_encodable(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert "\r" not in cleaned
    cleaned.encode("utf-8")


@pytest.mark.parametrize(
    ("dirty", "expected"),
    [
        ("Verteidigungs\u00adpakt", "Verteidigungspakt"),
        ("\u0084Wort\u0093 \u0096 ja", "„Wort“ – ja"),
        ("a\u2028b\u2029c\x0cd", "a\nb\n\nc\nd"),
        ("\ud83dx", "\ufffdx"),
        ("u\u0308ber", "über"),
        ("\ufeffx\u200by", "xy"),
    ],
)
def test_clean(dirty: str, expected: str) -> None:
    assert clean(dirty) == expected


def test_one_line_is_what_splitting_gives() -> None:
    text = " a \u00a0\u2003 b\n\n\tc\u3000 "
    assert one_line(text) == " ".join(text.split()) == "a b c"


@pytest.mark.no_cover
@pytest.mark.timeout(60)
def test_endless_combining_marks_are_cut_in_linear_time() -> None:
    text = clean("a" + "\u0300\u0316" * 300_000)
    assert text[0] == "à"
    assert len(text) < 10_000


@pytest.mark.parametrize(
    "data",
    ["f\ufffdr gro\ufffdes Geld".encode(), codecs.BOM_UTF16_LE + b"f\x00\x00\xdc\x00\xdcr\x00"],
)
def test_characters_that_were_lost_are_told(data: bytes) -> None:
    assert decode(data).warnings[-1] == "Characters that could not be read, as � in the text: 2."
