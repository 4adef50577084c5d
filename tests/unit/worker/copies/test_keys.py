"""Keys of copies: each path has one of its own, and tells it, as far as a key can."""

from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from worker.copies.keys import LONG, LONGEST, key_of, path_of

NAMES = st.binary(min_size=1, max_size=60).filter(lambda name: not set(name) & {0, 0x2F})
PATHS = st.lists(NAMES, min_size=1, max_size=4).map(b"/".join).map(os.fsdecode)


@given(PATHS)
def test_the_key_tells_the_path(path: str) -> None:
    key = key_of(path)
    assert key.encode().decode() == key
    assert path_of(key) == (None if key.startswith(LONG) else path)


@given(PATHS, PATHS)
def test_no_two_paths_have_one_key(one: str, other: str) -> None:
    assert (key_of(one) == key_of(other)) == (one == other)


@pytest.mark.parametrize("path", ["taz/2024/a.txt", "Übersee/Straße & Co (1).txt", "a b~c.txt"])
def test_what_a_person_reads_stays_as_it_is(path: str) -> None:
    assert key_of(path) == path


def test_what_no_key_can_hold_is_written_in_hexadecimal() -> None:
    assert key_of(os.fsdecode(b"100%/\xff\n.txt")) == "100%25/%FF%0A.txt"


def test_a_path_that_is_too_long_has_its_digest() -> None:
    key = key_of("ü" * LONGEST)
    assert key.startswith(LONG)
    assert len(key) < 80
    assert key_of(key).startswith(LONG)
    assert key_of(key) != key


def test_so_has_one_with_a_name_that_is_too_long_once_it_is_written_so() -> None:
    """A name has 255 bytes at most; of signs that are written ``%XX`` it would have 765."""
    assert key_of("a/" + "%" * 85).startswith("a/%25")
    assert key_of("a/" + "%" * 86 + "/b").startswith(LONG)
    assert key_of("ü" * 127 + "/" + "ü" * 127) == "ü" * 127 + "/" + "ü" * 127
