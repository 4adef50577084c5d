"""hOCR -> words in their places, sizes and lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extraction.documents.layout import columns
from extraction.documents.words import Word
from extraction.ocr.hocr import Found, sureness, words_of

#: A picture of 300 pixels an inch, so that 300 are 72 points.
HEIGHT, DPI = 3000, 300


def word(x: int, y: int, text: str, sure: int = 95, width: int = 60) -> str:
    title = f"bbox {x} {y - 30} {x + width} {y + 8}; x_wconf {sure}"
    return f"<span class='ocrx_word' id='word_1_1' title='{title}'>{text}</span>"


def line(
    x: int, y: int, *words: str, slope: float = 0, small: float = 20, kind: str = "line"
) -> str:
    """A line whose baseline begins at ``x``, ``y``."""
    size = f"x_size {small + 20}; x_descenders 8; x_ascenders 12"
    title = f"bbox {x} {y - 30} {x + 900} {y + 8}; baseline {slope} -8; {size}"
    return f"<span class='ocr_{kind}' id='line_1_1' title=\"{title}\">\n{''.join(words)}</span>"


def read(*lines: str) -> list[Found]:
    return words_of("<html><body>" + "".join(lines), HEIGHT, DPI)


def test_places_are_points_from_the_foot() -> None:
    (found,) = read(line(300, 600, word(300, 600, "Köln")))
    assert found.text == "Köln"
    assert [found.left, found.right] == pytest.approx([72, 86.4])
    assert found.base == pytest.approx((3000 - 600) * 0.24)
    assert found.size == pytest.approx(20 * 2.3 * 0.24)


def test_signs_of_markup_and_what_is_bold() -> None:
    found = read(line(0, 90, word(0, 90, "H&amp;M"), word(80, 90, "<strong>&lt;3</strong>")))
    assert [each.text for each in found] == ["H&M", "<3"]


def test_specks_and_rules_are_no_words_and_a_dash_is_one() -> None:
    found = read(line(0, 90, word(0, 90, "|", 20), word(80, 90, "–", 90), word(160, 90, "a", 20)))
    assert [each.text for each in found] == ["–", "a"]


def test_what_stands_upright_is_left_out() -> None:
    turned = "<span class='ocr_line' title='bbox 0 0 9 99; textangle 90; x_size 9'>"
    assert read(turned, word(0, 90, "Foto:")) == []


def test_sizes_of_one_font_are_one_and_a_headline_keeps_its_own() -> None:
    lines = [
        line(0, 90 + 50 * n, word(0, 90, "Zeilen"), small=s) for n, s in enumerate((20, 20, 22, 18))
    ]
    found = read(line(0, 30, word(0, 30, "Titel"), small=40, kind="header"), *lines)
    assert len({each.size for each in found[1:]}) == 1
    assert found[0].size > 1.5 * found[1].size


def test_lines_of_one_area_are_of_one_size_but_for_a_headline_in_it() -> None:
    """As small as those of 150 dots to the inch are, letters are measured a fifth apart."""
    area = "<div class='ocr_carea' title='bbox 0 0 900 900'>"
    lines = [line(0, 90 + n, word(0, 90, "Zeilen"), small=s) for n, s in enumerate((11, 8.8, 13))]
    found = read(area, line(0, 30, word(0, 30, "Titel"), small=22), *lines)
    assert len({each.size for each in found[1:]}) == 1
    assert found[0].size == pytest.approx(2 * found[1].size)


def test_a_page_that_is_turned_has_level_lines() -> None:
    slope = 0.03
    lines = [
        line(x, round(600 + n * 50 + slope * x), word(x, 600, f"a{x}-{n}"), slope=slope)
        for n in range(3)
        for x in (0, 1200)
    ]
    found = read(*lines)
    assert abs(found[0].base - found[1].base) < 0.3
    places = [Word(w.text, w.left, w.right, w.base, w.size) for w in found]
    texts = [each.text for column in columns(places) for each in column]
    assert texts == ["a0-0", "a0-1", "a0-2", "a1200-0", "a1200-1", "a1200-2"]


def test_how_sure_it_is_goes_by_letters() -> None:
    assert sureness([]) == 0
    found = read(line(0, 90, word(0, 90, "abc", 90), word(80, 90, "d", 50)))
    assert sureness(found) == 80


PIECES = st.sampled_from(
    [
        line(0, 90, word(0, 90, "Text")),
        "<span class='ocr_line' title='",
        "<span class='ocrx_word' title='bbox",
        "bbox 1 2 3 4; baseline 9999999 9; x_size 0;",
        "bbox 5 5 1 1; x_wconf -4'>Wort</span>",
        "baseline . .; x_size 1e9'>",
        "'>",
        "<",
        ";",
    ]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=30), st.integers(1, 300))
def test_garbage_makes_words_or_none_and_never_an_error(pieces: list[str], dpi: int) -> None:
    for found in words_of("".join(pieces), HEIGHT, dpi):
        assert found.text
        assert found.left <= found.right
        assert found.size > 0
        assert 0 <= found.sure <= 100
