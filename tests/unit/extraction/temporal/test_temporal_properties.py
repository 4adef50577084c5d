"""What holds for dates in any text: no errors, true offsets, honest ranges, linear time."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.article import Published
from extraction.temporal import read_dates
from extraction.temporal.rules import RULES
from extraction.temporal.token import tokenise
from german.wordlist import word_list
from tests.linear import assert_linear

WORDS = [
    "\n\n",
    *sorted(
        word_list(
            """
            am im vom bis und zum der den des dem vor seit in drei ein zwei 3 31 12 2019 1990 500 15
            3.10. 3.10.90 15:30 2021/22 1914-1918 . , - / ( ) Mai Oktober Mittwoch Samstagabend Sa
            Mo Ostern Advent Jahr Jahre Jahren Woche Tag Tage Uhr Anfang Ende Mitte letzten nächsten
            diesem selben folgenden später zuvor darauf jeden alle täglich Wochenende Sommer Quartal
            ersten 90er achtziger Jahrhundert v n Chr Nacht auf heute morgen gestern früh Abend
            Jahresende wird war Vorjahr pro lang KW 29. Februar 9999 1000 Nr
            """
        )
    ),
]
PIECES = [
    *["„", "1", "3., ", "2019-", "1.", "-", "Mittwoch ", "vor ", "3. bis ", "\n", "a-"],
    *["am Mittwoch, ", "Nacht zum ", "zwei oder "],
]
TEXTS = st.one_of(
    st.text(max_size=200),
    st.lists(st.sampled_from(WORDS), max_size=30).map(" ".join),
    st.lists(st.sampled_from(WORDS), max_size=30).map("".join),
)
ANCHORS = st.one_of(
    st.none(),
    st.dates().map(lambda day: Published(day.isoformat(), "day")),
    st.dates().map(lambda day: Published(day.isoformat()[:7], "month")),
    st.dates().map(lambda day: Published(day.isoformat()[:4], "year")),
    st.dates().map(lambda day: Published(f"{day.isoformat()}T23:59:59Z", "second")),
)


@settings(max_examples=300, deadline=None)
@given(TEXTS, ANCHORS)
def test_offsets_and_ranges_are_true(text: str, anchor: Published | None) -> None:
    end = 0
    for found in read_dates(text, anchor):
        assert end <= found.start < found.end <= len(text)
        assert text[found.start : found.end] == found.surface
        assert bool(found.first) == bool(found.last)
        assert found.value
        if found.first:
            assert date.fromisoformat(found.first) <= date.fromisoformat(found.last)
            assert found.kind in ("date", "time")
        for part in found.parts:
            assert found.start <= part.start < part.end <= found.end
            assert text[part.start : part.end] == part.surface
        end = found.end


@pytest.mark.no_cover  # being watched costs more than the work
@pytest.mark.parametrize("piece", PIECES)
def test_time_grows_with_the_text_alone(piece: str) -> None:
    assert_linear(lambda text: read_dates(text, Published("2024-06-19", "day")), piece)


@given(TEXTS)
def test_no_rule_matches_behind_classes_that_it_does_not_name(text: str) -> None:
    codes = tokenise(text).codes
    for rule in RULES:
        for found in rule.pattern.finditer(codes):
            first, second = codes[found.start()], codes[found.start() + 1 : found.start() + 2]
            assert first in rule.starts
            assert not rule.seconds or second in rule.seconds
