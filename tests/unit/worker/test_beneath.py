"""Paths that others own a part of: no link is followed, and no more is read than is wanted."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.security.stranger import STRANGERS, as_root, as_user
from worker import beneath


@given(st.text(st.sampled_from("a./")))
def test_what_is_a_path_below_a_folder_stays_there(relative: str) -> None:
    try:
        names = beneath.parts(relative)
    except beneath.NotAFile:
        return
    assert os.path.normpath(f"/root/{relative}") == "/root/" + "/".join(names)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with a link that leads out of it."""
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "a.txt").write_text("geheim")
    inside = tmp_path / "inside"
    inside.mkdir()
    (inside / "weg").symlink_to(tmp_path / "outside")
    (inside / "a.txt").symlink_to(tmp_path / "outside" / "a.txt")
    return inside


def test_no_link_is_followed(place: Path) -> None:
    for relative in ("weg/a.txt", "a.txt"):
        with pytest.raises(beneath.NotAFile):
            beneath.open_below(place, relative)
    assert beneath.status(place, "weg/a.txt") is None
    beneath.unlink(place, "a.txt")
    with pytest.raises(NotADirectoryError):
        beneath.unlink(place, "weg/a.txt")
    assert (place.parent / "outside" / "a.txt").read_text() == "geheim"
    with beneath.folder(place) as handle:
        assert list(beneath.files(handle)) == ["weg"]


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir])
def test_what_is_no_file_keeps_nobody_waiting(tmp_path: Path, make: object) -> None:
    assert callable(make)
    make(tmp_path / "x")
    with pytest.raises(beneath.NotAFile):
        beneath.open_below(tmp_path, "x")


@as_root
@pytest.mark.parametrize("uid", STRANGERS)
def test_a_folder_that_may_be_passed_and_not_listed_is_passed(tmp_path: Path, uid: int) -> None:
    """As a home folder is, or one for whoever knows a name."""
    (tmp_path / "tor" / "taz").mkdir(parents=True)
    (tmp_path / "tor" / "taz" / "a.txt").write_text("Text")
    for path in (tmp_path / "tor" / "taz" / "a.txt", tmp_path / "tor" / "taz", tmp_path / "tor"):
        path.chmod(0o711 if path.is_dir() else 0o644)

    def read() -> tuple[bytes, bool]:
        there = beneath.status("tor", "taz/a.txt")
        return beneath.read_below("tor", "taz/a.txt", 9), there is not None

    tmp_path.chmod(0o711)
    with contextlib.chdir(tmp_path):  # what is above it is root's alone
        assert as_user(uid, read) == (b"Text", True)


def test_no_more_is_read_than_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"12345")
    assert beneath.read_below(tmp_path, "a", 5) == b"12345"
    with pytest.raises(beneath.TooLarge, match="5 bytes"):
        beneath.read_below(tmp_path, "a", 4)
    assert beneath.begins_with(tmp_path, "a", b"123")
    assert not beneath.begins_with(tmp_path, "a", b"123456")
    assert not beneath.begins_with(tmp_path, "b", b"")


def test_no_folder_is_removed_beyond_the_root(place: Path) -> None:
    (place.parent / "outside" / "leer").mkdir()
    for names in (["..", "outside", "leer"], ["weg", "..", "..", "outside", "leer"]):
        with pytest.raises(beneath.NotAFile):
            beneath.remove_empty(place, names)
    beneath.remove_empty(place, ["weg", "leer"])
    assert (place.parent / "outside" / "leer").is_dir()
    (place / "a" / "b").mkdir(parents=True)
    beneath.remove_empty(place, ["a", "b"])
    assert not (place / "a").exists()
