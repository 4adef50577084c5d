"""How fast it goes is judged by the time in which there was work."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.writing.states import Counts
from worker.care.progress import LEAST, WINDOW, progress, worked

NOW = 1_000_000.0
Spans = tuple[tuple[float, float], ...]


def ago(*spans: tuple[float, float]) -> Spans:
    """Spans given by how many seconds ago they began and ended."""
    return tuple((NOW - since, NOW - end) for since, end in spans)


@pytest.mark.parametrize(
    ("spans", "waiting", "seconds"),
    [
        ((), None, WINDOW),  # nothing was done: it does not matter
        (ago((2.0, 1.0)), None, 1.0),  # a short while, then all was done
        (ago((2.0, 1.0)), 3.0, 3.0),  # others wait until now
        (ago((50.0, 49.0), (5.0, 3.0)), 5.0, 6.0),  # an idle time between
        (ago((59.0, 40.0), (59.0, 20.0), (59.0, 1.0)), 30.0, 59.0),  # slow, never idle
        (ago((900.0, 50.0), (900.0, 10.0)), 900.0, 60.0),  # slow, on what had waited for long
        (ago((900.0, 8.0), (900.0, 6.0), (900.0, 4.0)), 900.0, 10.0),  # the worker has just come
        (ago((0.2, 0.1)), None, LEAST),
    ],
)
def test_time_with_work(spans: Spans, waiting: float | None, seconds: float) -> None:
    since = None if waiting is None else NOW - waiting
    assert worked(spans, since, NOW)[0] == pytest.approx(seconds)


def test_148_articles_after_an_idle_minute_do_not_take_half_an_hour() -> None:
    """Five were enriched in the two seconds since they were dropped: not five in a minute."""
    spans = ago((2.0, 1.0), (2.0, 0.5))
    counts = Counts(153, 148, 5, 0, 153, 5, {}, ago((2.0, 1.5)), spans, NOW - 2.0)
    now = progress(counts, 0, NOW)
    assert now.enriched == pytest.approx(2.5)
    assert now.seconds_left == pytest.approx(148 / 2.5)
    assert now.work_seconds == {"indexed": 1.0, "enriched": 2.0}


def test_a_single_write_of_what_waited_for_long_tells_nothing_yet() -> None:
    counts = Counts(148, 116, 32, 0, 0, 32, {}, (), ago((900.0, 1.0)), NOW - 900.0)
    assert progress(counts, 0, NOW).seconds_left is None


times = st.floats(0, 200)
spans_of_any_time = st.lists(st.tuples(times, times), max_size=8)


@given(spans_of_any_time, st.none() | times)
def test_there_was_never_work_for_longer_than_the_minute(
    spans: list[tuple[float, float]], waiting: float | None
) -> None:
    seconds, _ = worked(ago(*spans), None if waiting is None else NOW - waiting, NOW)
    assert LEAST <= seconds <= WINDOW
