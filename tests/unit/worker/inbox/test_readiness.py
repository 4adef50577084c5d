"""When a file counts as finished."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.inbox.readiness import Observation, Seen, observe, ready

QUIET, UNPROVEN = 0.2, 2.0
seconds = st.floats(0, 1e9, allow_nan=False)


def test_a_renamed_file_is_ready_at_once() -> None:
    now = 1000.0
    still = observe(None, Seen(5, now - 60), now)
    assert ready(still, now, False, QUIET, UNPROVEN)


def test_a_fresh_file_waits_for_its_quiet_time() -> None:
    now = 1000.0
    still = observe(None, Seen(5, now), now)
    assert not ready(still, now, False, QUIET, UNPROVEN)
    assert ready(observe(still, Seen(5, now), now + QUIET), now + QUIET, False, QUIET, UNPROVEN)


def test_a_time_in_the_future_only_costs_the_watched_quiet_time() -> None:
    now, seen = 1000.0, Seen(5, 1e6)
    still = observe(None, seen, now)
    assert not ready(still, now, False, QUIET, UNPROVEN)
    assert ready(observe(still, seen, now + 0.25), now + 0.25, False, QUIET, UNPROVEN)


def test_where_writers_cannot_be_seen_an_old_time_proves_nothing() -> None:
    now = 1000.0
    still = observe(None, Seen(5, 0.0), now)
    assert not ready(still, now + UNPROVEN - 0.01, None, QUIET, UNPROVEN)
    assert ready(still, now + UNPROVEN, None, QUIET, UNPROVEN)


@given(seconds, seconds, seconds)
def test_a_file_that_is_held_for_writing_is_never_ready(
    since: float, now: float, mtime: float
) -> None:
    assert not ready(Observation(Seen(1, mtime), since), now, True, QUIET, UNPROVEN)


@pytest.mark.parametrize("changed", [Seen(6, 10.0), Seen(5, 11.0)])
def test_a_change_starts_the_stillness_anew(changed: Seen) -> None:
    first = observe(None, Seen(5, 10.0), 100.0)
    assert observe(first, Seen(5, 10.0), 150.0) == first
    assert observe(first, changed, 150.0) == Observation(changed, 150.0)


@given(st.lists(st.tuples(st.integers(0, 2), st.floats(0.0, 1.0)), min_size=1, max_size=30))
def test_a_file_whose_size_keeps_changing_is_never_claimed_too_early(
    looks: list[tuple[int, float]],
) -> None:
    """Without knowledge of writers, ready means: the same size for ``UNPROVEN`` seconds."""
    now, still, changed, size_before = 0.0, None, 0.0, None
    for size, pause in looks:
        now += pause
        changed = now if size != size_before else changed
        size_before = size
        still = observe(still, Seen(size, 0.0), now)
        assert ready(still, now, None, QUIET, UNPROVEN) == (now - changed >= UNPROVEN)
