"""When a file counts as finished."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.inbox.memory import AGAIN, CLAIMED_SECONDS, GROWN_SECONDS, Memory
from worker.inbox.readiness import (
    LONGEST,
    PAUSES,
    SMALL,
    Observation,
    Seen,
    needed,
    observe,
    ready,
)

QUIET, UNPROVEN = 0.2, 2.0
seconds = st.floats(0, 1e9, allow_nan=False)


def test_a_renamed_file_is_ready_at_once() -> None:
    now = 1000.0
    still = observe(None, Seen(5, now - 60), now)
    assert ready(still, now, False, QUIET, UNPROVEN)


def test_a_fresh_file_waits_for_its_quiet_time() -> None:
    now = 1000.0
    still = observe(None, Seen(5000, now), now)
    assert not ready(still, now, False, QUIET, UNPROVEN)
    assert ready(observe(still, Seen(5000, now), now + QUIET), now + QUIET, False, QUIET, UNPROVEN)


def test_a_time_in_the_future_only_costs_the_watched_quiet_time() -> None:
    now, seen = 1000.0, Seen(5000, 1e6)
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


@pytest.mark.parametrize(
    "changed", [Seen(6, 10.0), Seen(4, 10.0), Seen(5, 11.0), Seen(5, 10.0, inode=2)]
)
def test_a_change_starts_the_stillness_anew(changed: Seen) -> None:
    first = observe(None, Seen(5, 10.0), 100.0)
    assert observe(first, Seen(5, 10.0), 150.0) == first
    assert observe(first, changed, 150.0).since == 150.0
    assert observe(first, changed, 150.0).seen == changed


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


# Files that grow while nobody holds them open ------------------------------------------------


def test_a_beginning_waits_longer_than_an_article() -> None:
    now = 1000.0
    for size, arranged, wanted in ((SMALL - 1, False, UNPROVEN), (SMALL, False, QUIET)):
        still = observe(None, Seen(size, now, 1, arranged), now)
        assert needed(still, False, QUIET, UNPROVEN) == wanted


def test_a_small_file_that_was_renamed_into_place_is_no_beginning() -> None:
    still = observe(None, Seen(9, 1000.0, 1, arranged=True), 1000.0)
    assert needed(still, False, QUIET, UNPROVEN) == QUIET


@given(
    st.lists(st.floats(0.01, 100.0), min_size=1, max_size=20),
    st.sampled_from([False, None]),
    st.integers(1, 5000),
)
def test_who_appends_at_a_steady_beat_is_not_claimed_between_two_beats(
    pauses: list[float], open_writer: bool | None, size: int
) -> None:
    """After the first pause every one up to ``PAUSES`` times as long is waited for."""
    now, still = 1000.0, observe(None, Seen(size, 1000.0, 1), 1000.0)
    for number, pause in enumerate(pauses):
        longest = max(pauses[:number], default=0.0)
        within = pause < 0.99 * min(PAUSES * longest, LONGEST)
        assert not (within and ready(still, now + pause, open_writer, QUIET, UNPROVEN))
        now += pause
        size += 1
        still = observe(still, Seen(size, now, 1), now)
        assert still.pause == pytest.approx(max(pauses[: number + 1]))
    assert ready(still, now + LONGEST + 0.01, open_writer, QUIET, UNPROVEN)


def test_what_is_written_while_it_is_held_open_tells_of_no_pause() -> None:
    """Its end will be seen: it is closed then."""
    held = Observation(Seen(5, 1000.0, 1), 1000.0, held=True)
    assert observe(held, Seen(6, 1030.0, 1), 1030.0).pause == 0.0


def test_a_small_file_that_was_held_open_for_long_is_no_beginning_once_it_is_closed() -> None:
    held = Observation(Seen(5, 1000.0, 1), 1000.0, held=True)
    for closed in (held, observe(held, Seen(9, 1030.0, 1), 1030.0)):
        assert needed(closed, False, QUIET, UNPROVEN) == QUIET


def test_a_pause_is_not_longer_than_it_was_watched() -> None:
    """An old time of a file that is written again tells nothing of its writer."""
    before = observe(None, Seen(5, 0.0, 1), 1000.0)
    assert observe(before, Seen(6, 1000.5, 1), 1000.5).pause == 0.5


@pytest.mark.parametrize("anew", [Seen(3, 1030.0, 1), Seen(9, 1030.0, 2)])
def test_what_is_written_anew_has_not_grown(anew: Seen) -> None:
    grown = Observation(Seen(5, 1000.0, 1), 1000.0, pause=8.0)
    assert observe(grown, anew, 1030.0) == Observation(anew, 1030.0)


# What is remembered of a name ----------------------------------------------------------------


def test_growth_is_remembered_for_minutes_and_a_claim_for_seconds() -> None:
    memory, now = Memory(), 1000.0
    memory.claimed("grown", Observation(Seen(5, now - 30, 1), now, pause=3.0), now)
    memory.claimed("fresh", Observation(Seen(5, now - 1, 1), now), now)
    memory.claimed("old", Observation(Seen(5, now - 60, 1), now), now)
    memory.claimed("renamed", Observation(Seen(5, now - 1, 1, arranged=True), now), now)
    names = ("grown", "fresh", "old", "renamed", "new")
    assert [memory.pause(name, now + 1) for name in names] == [3.0, AGAIN, 0.0, 0.0, 0.0]
    assert memory.pause("fresh", now + CLAIMED_SECONDS) == 0.0
    assert memory.pause("grown", now + GROWN_SECONDS - 1) == 3.0
    assert memory.pause("grown", now + GROWN_SECONDS) == 0.0
    again = observe(None, Seen(5, now, 1), now, memory.pause("grown", now))
    assert needed(again, False, QUIET, UNPROVEN) == PAUSES * 3.0


def test_the_memory_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("worker.inbox.memory.MOST", 3)
    memory = Memory()
    for number in range(10):
        memory.claimed(f"{number}", Observation(Seen(5, 1000.0, 1), 1000.0), 1000.0 + number / 10)
    known = [number for number in range(10) if memory.pause(f"{number}", 1002.0)]
    assert known == [7, 8, 9]
