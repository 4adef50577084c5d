"""Who hurries has narrower limits, of all readings together."""

from __future__ import annotations

from dataclasses import replace

import pytest

from articles.errors import TooSlow
from extraction.confined.hurry import Hurry, hurried
from extraction.confined.limits import NORMAL

LATE = TooSlow("for others' sake")


def test_what_is_left_is_for_all_readings_together() -> None:
    given: list[int] = []

    def read() -> None:
        with hurried(NORMAL) as limits:
            given.append(limits.seconds)

    with Hurry(2.0, LATE, lambda: 0.8 * len(given)).on():
        for _ in range(3):
            read()
        with pytest.raises(TooSlow, match=str(LATE)):
            read()
    assert given == [2, 2, 1]


@pytest.mark.parametrize(("seconds", "said"), [(30, str(LATE)), (2, "its own")])
def test_what_takes_longer_waits_if_it_may_take_longer_itself(seconds: int, said: str) -> None:
    limits = replace(NORMAL, seconds=seconds)
    with pytest.raises(TooSlow, match=said), Hurry(2.0, LATE).on(), hurried(limits):
        raise TooSlow("its own")


def test_else_nothing_is_narrower() -> None:
    with Hurry(2.0, LATE).on():
        pass
    with hurried(NORMAL) as limits:
        assert limits is NORMAL
