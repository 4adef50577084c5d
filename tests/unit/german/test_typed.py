"""Numbers, signs and names, each in one way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from german.typed import (
    numbered,
    parts_of_token,
    typed,
    typed_with_places,
    words_inside,
    written,
)
from tests.linear import assert_linear

SAME = [
    ("3_zu_2", "3:2|3 : 2"),
    ("24_7", "24/7"),
    ("1_et_1", "1&1|1 & 1"),
    ("H_et_M", "H&M|H & M"),
    ("C_p_p", "C++"),
    ("C_h", "C#"),
    ("paragraf_218", "§ 218|§218|§§ 218|Paragraf 218|Paragraph 218"),
    ("10000", "10.000|10 000|10'000|10’000|10\u00a0000|10\u202f000|10\u2009000|10000"),
    ("1000000", "1.000.000|1 000 000"),
    ("2411,77", "2.411,77|2 411,77"),
    ("50_prozent", "50 %|50%|50\u00a0%|50 Prozent|50 prozent"),
    ("Moody_s", "Moody's|Moody’s|Moody`s|Moody´s|Moodyʼs"),
    ("Ko-Runde", "K.o-Runde|Ko-Runde"),
    ("Ko.", "K.-o.|K.o.|K. o."),
    ("USA", "U.S.A|USA"),
    ("G20", "G-20|G 20|G\u201120|G20"),
    ("A380", "A-380|A 380"),
]
AS_IT_IS = [
    "3,5",
    "12.30 Uhr",
    "am 3.5. 200 Leute",
    "2016 100",
    "11.9.2001",
    "50 Prozentpunkte",
    "Pilot:innen",
    "und/oder",
    "Marks & Spencer",
    "S-Bahn",
    "MH-17",
    "a + b",
    "Dr. Merkel",
    "z. B. so",
    "Am 1. Mai",
    "5. 100 Meter",
    "SPD 27",
    "x.com",
]
SIGNS = [*"3KoAc%§&:/+#'’.,-_\u00a0\n ", "Prozent", "H&M", "000", "http://", "x"]
PIECES = st.lists(st.sampled_from(SIGNS))


@pytest.mark.parametrize(("token", "ways"), SAME)
def test_each_way_to_write_it_is_one_token(token: str, ways: str) -> None:
    assert {typed(way) for way in ways.split("|")} == {token}
    assert typed(token) == token  # what was read is read the same again
    assert {typed(f"Ein {way}!") for way in ways.split("|")} == {f"Ein {token}!"}


@pytest.mark.parametrize("text", AS_IT_IS)
def test_what_is_none_of_them_stays(text: str) -> None:
    assert typed(text) == text


def test_an_address_is_its_domain() -> None:
    assert typed("https://www.orf.at/x").split() == ["orf.at/x"]
    assert typed("www.orf.at").strip() == "orf.at"


@given(PIECES.map("".join) | st.text())
def test_each_character_knows_where_it_is_from(text: str) -> None:
    read, places = typed_with_places(text)
    assert read == typed(text)
    assert len(places) == len(read) + 1
    assert list(places) == sorted(places)
    assert places[-1] == len(text)


@pytest.mark.parametrize(
    ("token", "parts"),
    [
        ("moody_s", ["moody"]),
        ("2015_16", ["2015", "16"]),
        ("50_prozent", ["50", "prozent"]),
        ("iphone6s", ["iphone", "6s"]),
        ("orf.at", ["orf"]),
        ("h_et_m", []),
        ("3_zu_2", []),
        ("haus", []),
    ],
)
def test_a_token_is_found_by_its_words(token: str, parts: list[str]) -> None:
    assert parts_of_token(token) == parts


def test_a_token_is_shown_as_people_write_it() -> None:
    tokens = "3_zu_2 h_et_m c_p_p c_h paragraf_218 50_prozent moody_s 24_7 haus"
    assert [written(token) for token in tokens.split()] == [
        "3:2", "h&m", "c++", "c#", "§ 218", "50 %", "moody’s", "24/7", "haus",
    ]  # fmt: skip


def test_words_inside_a_token() -> None:
    assert words_inside("50_prozent") == ("50", "prozent")
    assert words_inside("h_et_m") == words_inside("3_zu_2") == words_inside("haus") == ()
    assert (numbered("iPhone6s"), numbered("A380"), numbered("6")) == ("iPhone 6s", "", "")


def test_long_texts_take_linear_time() -> None:
    for piece in ("10.", "000 ", "3:", "a.", "K. ", "§ ", "+", "'a", "50 %", " & ", "https://"):
        assert_linear(typed_with_places, piece)
