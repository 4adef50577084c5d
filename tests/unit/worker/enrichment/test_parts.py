"""How a message is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.enrichment.parts import PART, parts

EDGE = PART // 2


@given(st.integers(0, 200))
def test_all_are_in_it_once_and_in_order(count: int) -> None:
    ids = [str(n) for n in range(count)]
    found = parts(ids)
    assert [one for part in found for one in part] == ids
    assert all(0 < len(part) <= PART for part in found)
    assert not found or max(len(found[0]), len(found[-1])) <= EDGE


@pytest.mark.parametrize(
    ("count", "sizes"),
    [
        (0, []),
        (1, [1]),
        (EDGE, [EDGE]),
        (EDGE + 1, [EDGE, 1]),
        (PART, [EDGE, EDGE]),
        (PART + 4, [EDGE, 4, EDGE]),
        (64, [8, 16, 16, 16, 8]),
        (50, [8, 12, 12, 10, 8]),
    ],
)
def test_the_first_and_the_last_are_small(count: int, sizes: list[int]) -> None:
    assert [len(part) for part in parts([str(n) for n in range(count)])] == sizes
