"""Which documents a file replaces: the rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from indexing.writing.replace import MadeOf
from worker.intake.former import WITHIN, begins_with, is_former

NOW = datetime(2024, 6, 19, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def made_of(data: bytes, before: timedelta = SECOND) -> MadeOf:
    """The document of a file that was claimed that long before NOW."""
    return MadeOf("t-1", "a.txt", sha256(data).hexdigest(), len(data), _iso(NOW - before), 1, 1)


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")


@given(st.binary(min_size=1), st.binary(min_size=1))
def test_a_beginning_is_a_former_part_and_a_shortened_text_none(part: bytes, more: bytes) -> None:
    assert is_former(made_of(part), part + more, NOW)
    assert not is_former(made_of(part + more), part, NOW)


@given(st.binary(), st.binary())
def test_only_a_true_beginning_is_a_part(one: bytes, other: bytes) -> None:
    assert begins_with(one, made_of(other)) == (
        0 < len(other) < len(one) and one[: len(other)] == other
    )


@given(st.binary(min_size=1), st.binary(min_size=1), st.integers(-10_000, 10_000))
def test_only_within_minutes(part: bytes, more: bytes, seconds: int) -> None:
    before = timedelta(seconds=seconds)
    lately = timedelta() <= before <= WITHIN
    assert is_former(made_of(part, before), part + more, NOW) == lately


@given(st.binary(), st.binary())
def test_this_very_file_as_it_was_is_replaced_whatever_it_was(then: bytes, now: bytes) -> None:
    assert is_former(made_of(then, timedelta()), now, NOW) == (then != now)


def test_a_document_that_does_not_say_when_is_nobodys_part() -> None:
    for received in ("", "gestern", "2024-06-19"):
        old = MadeOf("t-1", "a.txt", sha256(b"a").hexdigest(), 1, received, 1, 1)
        assert not is_former(old, b"ab", NOW)
