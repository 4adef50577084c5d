"""Numbers of files within what SQLite and the calendar can hold."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from worker.file_numbers import kept_number, kept_time, moment_of

AT_ALL = st.integers(-(2**80), 2**80)


@given(AT_ALL)
def test_any_time_can_be_kept_and_one_within_is_as_it_was(nanoseconds: int) -> None:
    kept = kept_time(nanoseconds)
    assert sqlite3.connect(":memory:").execute("SELECT ?", (kept,)).fetchone() == (kept,)
    assert kept == nanoseconds or not -(2**63) <= nanoseconds < 2**63


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1))
def test_any_number_of_an_inode_can_be_kept_and_two_stay_two(one: int, other: int) -> None:
    kept = kept_number(one)
    assert sqlite3.connect(":memory:").execute("SELECT ?", (kept,)).fetchone() == (kept,)
    assert kept == one or one >= 2**63
    assert (kept == kept_number(other)) is (one == other)


@given(st.floats(allow_nan=False) | AT_ALL)
def test_any_time_is_a_moment(seconds: float) -> None:
    moment = moment_of(seconds)
    assert moment.tzinfo is UTC
    if 0 < seconds < 2**33:
        assert moment == datetime.fromtimestamp(seconds, UTC)
