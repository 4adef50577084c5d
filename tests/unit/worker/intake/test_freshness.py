"""Single articles are searchable at once, a stream of them does not wear the index out."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from worker.intake.freshness import FEW, SECONDS, SECONDS_LARGE, Freshness


def test_a_single_article_is_refreshed_and_a_full_batch_is_not() -> None:
    rule = Freshness()
    assert not rule.wanted(0, 1.0)
    assert not rule.wanted(FEW + 1, 1.0)
    assert rule.wanted(1, 1.0)


def test_the_last_of_many_full_batches_is_refreshed_too() -> None:
    rule = Freshness()
    assert not rule.wanted(0, 1.0, last=True)
    assert rule.wanted(FEW + 1, 1.0, last=True)
    assert not rule.wanted(FEW + 1, 1.0 + SECONDS_LARGE / 2, last=True)
    assert rule.wanted(FEW + 1, 1.0 + SECONDS_LARGE, last=True)


def test_it_refreshes_again_after_a_pause_only() -> None:
    rule = Freshness()
    assert rule.wanted(1, 10.0)
    assert not rule.wanted(1, 10.0 + SECONDS / 2)
    assert rule.wanted(1, 10.0 + SECONDS)


@given(st.lists(st.floats(0, 10), max_size=100))
def test_there_are_never_more_than_the_pause_allows(times: list[float]) -> None:
    rule = Freshness()
    yes = [now for now in sorted(times) if rule.wanted(1, now)]
    assert all(later - earlier >= SECONDS for earlier, later in pairwise(yes))
