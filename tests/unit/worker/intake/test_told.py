"""Which of the paths that are told a file of ours can have."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.limits import MOST_NESTED
from extraction.containers import names
from extraction.formats.identity import printable_path
from worker.inbox.inbox import DEEPEST, is_too_long
from worker.intake.told import LONGEST, MOST_NAMES, possible_bytes, possible_path

NAME = st.binary(min_size=1, max_size=30).filter(
    lambda name: name not in {b".", b".."} and not {0, ord("/")} & set(name)
)


@given(st.lists(NAME, min_size=1, max_size=8))
def test_of_a_file_s_own_path_it_is_the_way_back(parts: list[bytes]) -> None:
    path = b"/".join(parts)
    assert possible_path(printable_path(path)) == os.fsdecode(path)
    assert possible_bytes(printable_path(path)) == path


def test_the_longest_and_deepest_that_is_taken_is_one() -> None:
    """In a mirror, in as many containers as may be, and of bytes that are no text."""
    dropped = "/".join(["\udcff" * 28] * DEEPEST + ["\udcff" * 99])
    assert not is_too_long(dropped)
    member = names.safe_name("/".join(["ä" * 24] * names.DEEPEST))
    assert member.count("/") == names.DEEPEST - 1
    path = "/".join(["m" * 64, dropped, *[member] * MOST_NESTED])
    assert possible_path(printable_path(path)) == path


@pytest.mark.parametrize(
    "told",
    [
        *("", ".", "..", "/etc/passwd", "../a", "a/../b", "./a", "a//b", "a/", "a/.."),
        *("\\x00", "a\0b", "\\ud800", "a/\\udfff.txt", "\ud800", "\\x2e\\x2e/a", "\\x2fetc/passwd"),
        *("x" * (LONGEST + 1), "ä" * LONGEST, "x" * 5_000_000, "a/" * MOST_NAMES + "a"),
    ],
)
def test_what_no_file_of_ours_can_have_is_none(told: str) -> None:
    assert possible_path(told) == ""
    assert possible_bytes(told) == b""
