"""What becomes a label, and how long it will take."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexing.writing.states import Counts
from worker.care.progress import progress
from worker.meter import LONGEST_LABEL, label_of


def counts(pending: int, indexed: int = 0, enriched: int = 0) -> Counts:
    return Counts(pending, pending, 0, 0, indexed, enriched, {})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The file has 61,234 bytes, too many.", "The file has 99,999,001 bytes, too many."),
        ("[1:234] failed to parse field [published]", "[7:1] failed to parse field [language]"),
        ("no such file: /data/a/b.txt", "no such file: /data/ä.txt"),
        ("'Ein Text' is no date", "'Noch ein Text' is no date"),
    ],
)
def test_what_differs_from_file_to_file_makes_no_label(one: str, other: str) -> None:
    assert label_of(one) == label_of(other)


def test_different_reasons_have_different_labels() -> None:
    assert label_of("The file is empty.") != label_of("The file is binary.")


@given(st.text())
def test_a_label_is_short_and_says_something(reason: str) -> None:
    label = label_of(reason)
    assert 0 < len(label) <= LONGEST_LABEL
    assert "\n" not in label
    assert not any(sign in "0123456789" for sign in label)


def test_files_that_are_not_indexed_yet_take_time_too() -> None:
    now = progress(counts(pending=100, indexed=300, enriched=600), files=50)
    assert now.per_second == {"indexed": 5.0, "enriched": 10.0}
    assert now.seconds_left == 15.0


def test_nothing_left_takes_no_time_and_nothing_moving_has_no_end() -> None:
    assert progress(counts(0), 0).seconds_left == 0.0
    assert progress(counts(1), 0).seconds_left is None
    assert progress(counts(0), 1).seconds_left is None


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**6))
def test_more_work_never_takes_less_time(pending: int, files: int, enriched: int) -> None:
    now = progress(counts(pending, enriched=enriched), files).seconds_left
    more = progress(counts(pending + 1, enriched=enriched), files).seconds_left
    if more is not None:
        assert now is not None
        assert more >= now
