"""The arithmetic of the benchmarks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.speed.corpus import Corpus
from benchmarks.speed.rows import quantile, row, steady, table

NUMBERS = st.lists(st.floats(-1e6, 1e6), min_size=1)


def test_a_row_has_the_median_and_the_spread() -> None:
    found = row("x", "s", [3.0, 1.0, 2.0], 2.0, "less")
    assert (found.value, found.low, found.high, found.rounds) == (2.0, 1.0, 3.0, 3)


@pytest.mark.parametrize(
    ("better", "target", "met"),
    [("more", 1.0, True), ("more", 3.0, False), ("less", 1.0, False), ("less", 2.0, True)],
)
def test_a_target_is_met_from_the_right_side(better: str, target: float, met: bool) -> None:
    assert row("x", "s", [2.0], target, better).met is met  # type: ignore[arg-type]


def test_without_a_target_nothing_is_met() -> None:
    assert row("x", "s", [2.0]).met is None


@given(NUMBERS, st.floats(0, 1))
def test_a_quantile_is_one_of_the_values_and_enough_are_no_larger(
    values: list[float], share: float
) -> None:
    found = quantile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9


def test_quantiles_of_a_hundred() -> None:
    assert [quantile(range(1, 101), share) for share in (0.5, 0.95, 1.0)] == [50, 95, 100]


def test_a_steady_beat_has_its_rate_whatever_happens_at_the_ends() -> None:
    beat = [n / 10 for n in range(100)]
    assert steady(beat) == pytest.approx(10.0)
    assert steady([-50.0, *beat[1:-1], 90.0]) == pytest.approx(10.0)


def test_a_missed_target_is_seen_in_the_table() -> None:
    lines = table([row("fast", "×", [1.0], 0.9), row("slow", "×", [0.5], 0.9)]).splitlines()
    assert "met" in lines[0]
    assert "MISSED" in lines[1]
    assert lines[0].index("≥") == lines[1].index("≥")


def test_articles_are_the_same_each_time_and_none_like_another() -> None:
    corpus = Corpus(("Eins", "Zwei"), ("A b.", "C d.", "E f."), ((1, 1), (1,)))
    assert corpus.text(5) == corpus.text(5)
    assert len({corpus.text(n) for n in range(100)}) == 100
    assert corpus.text(3, paragraphs=2).count("\n\n") == 2


def test_articles_have_the_shape_of_a_real_one() -> None:
    corpus = Corpus(("Eins",), ("A b.", "C d.", "E f."), ((2, 3),))
    _, *paragraphs = corpus.text(5).split("\n\n")
    assert [paragraph.count(".") for paragraph in paragraphs] == [2, 3]
