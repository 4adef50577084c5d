"""Surnames and acronyms that a tagger missed, though the article tells what they are."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.article import Mention
from extraction.entities.missed import with_missed
from tests.linear import assert_linear


def added(text: str, *marked: tuple[str, str]) -> list[str]:
    """Mark the first occurrence of each surface; return the surfaces that are added."""
    mentions = [
        Mention(label, surface, surface, "body", at, at + len(surface))  # type: ignore[arg-type]
        for label, surface in marked
        if (at := text.index(surface)) >= 0
    ]
    found = with_missed(mentions, {"body": text})
    assert found[: len(mentions)] == mentions
    for mention in found:
        assert text[mention.start : mention.end] == mention.surface
    return [mention.surface for mention in found[len(mentions) :]]


@pytest.mark.parametrize(
    ("text", "marked", "expected"),
    [
        (
            "Andreas Wolff hielt. Wolffs Parade, Wolff!",
            ("PER", "Andreas Wolff"),
            ["Wolffs", "Wolff"],
        ),
        (
            "Ursula von der Leyen. Von der Leyens",
            ("PER", "Ursula von der Leyen"),
            ["Von der Leyens"],
        ),
        ("Eva Reiß sprach. Reiß' Rede", ("PER", "Eva Reiß"), ["Reiß'"]),
        ("Eva Kunst sprach. Die Kunst blüht, Kunst ist schön.", ("PER", "Eva Kunst"), []),
        ("Eva Kunst sprach. Kunst sagte, Frau Kunst", ("PER", "Eva Kunst"), ["Kunst", "Kunst"]),
        (
            "Eva Stumpf sprach. Stumpf ging, auch Stumpfs Rad.",
            ("PER", "Eva Stumpf"),
            ["Stumpf", "Stumpfs"],
        ),
        ("Eva Stumpf sprach. Stumpf ging.", ("PER", "Eva Stumpf"), []),
        ("Eva Stumpf sprach. Stumpf ging, Stumpf fuhr, der Stumpf.", ("PER", "Eva Stumpf"), []),
        ("Eva Stumpf sprach. Stumpf ging, ohne Stumpf, Stumpf.", ("PER", "Eva Stumpf"), []),
        ("Eva Wolff kam. Wolff-Fans, Wolffram, der Wolff", ("PER", "Eva Wolff"), []),
        ("Irving Berlin kam. Berlin schwieg.", ("PER", "Irving Berlin"), []),
        ("Kai Xyz kam. Xyz", ("PER", "Kai Xyz"), ["Xyz"]),
        ("Qwt Xyz kam. Xyz", ("PER", "Qwt Xyz"), []),
        ("Chaos Computer Club (CCC). Der CCC", ("ORG", "Chaos Computer Club"), ["CCC", "CCC"]),
        ("Die GDL streikt. GDLs Chef, GDLX", ("ORG", "GDL"), ["GDLs"]),
        ("Nichts", ("PER", "Nichts"), []),
    ],
)
def test_what_is_added(text: str, marked: tuple[str, str], expected: list[str]) -> None:
    assert added(text, marked) == expected


WORDS = st.sampled_from(["Eva Wolff", "Wolff", "Wolffs", "CDU", "(CDU)", "Jan", "-", "'", "der"])


@settings(max_examples=100, deadline=None)
@given(st.lists(WORDS, max_size=20).map(" ".join), st.lists(st.integers(0, 60), max_size=6))
def test_nothing_overlaps_and_everything_is_kept(text: str, places: list[int]) -> None:
    cuts = sorted({place for place in places if place <= len(text)})
    mentions = [
        Mention("PER" if place % 2 else "ORG", "", text[place:end], "body", place, end)
        for place, end in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    found = with_missed(mentions, {"body": text})
    assert found[: len(mentions)] == mentions
    spans = sorted((m.start, m.end) for m in found)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    assert all(text[m.start : m.end] == m.surface for m in found)


@pytest.mark.no_cover
@pytest.mark.parametrize("filling", ["Wolff ", "Wolff-", "Wolff'", "(", "„"])
def test_time_grows_with_the_text_alone(filling: str) -> None:
    mentions = [Mention("PER", "", "Eva Wolff", "body", 0, 9)]
    assert_linear(lambda text: with_missed(mentions, {"body": f"Eva Wolff {text}"}), filling)
