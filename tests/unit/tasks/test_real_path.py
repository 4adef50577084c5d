"""Where a path leads: as ``Path.resolve`` has it, through as many links as the kernel follows."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tasks.data_folder import fault_of_owner, planted
from tasks.real_path import MOST_LINKS, real_path

#: What they are called, and where links lead.
LINKS = {
    "up": "..",
    "whole": "/",
    "b": "a/./b//",
    "back": "a/../b/../../a",
    "gone": "none/../a",
    "twice": "back/../b",
    "file": "a/file.txt",
}


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tree").resolve()
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "file.txt").touch()
    for place in (folder, folder / "a"):
        for name, target in LINKS.items():
            if not os.path.lexists(place / name):
                (place / name).symlink_to(target)
    return folder


@given(
    names=st.lists(st.sampled_from([*LINKS, "a", "file.txt", "none", ".", "..", ""]), max_size=8)
)
@example(["file", "..", "none", "..", "b"])
@example([".."] * 60)
def test_it_is_what_path_resolve_says(tree: Path, names: list[str]) -> None:
    path = "/".join([str(tree), *names])
    assert real_path(path) == Path(path).resolve()


def test_it_begins_at_the_working_folder(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)
    assert (real_path("back/x"), real_path("")) == (tree / "a" / "x", tree)


def test_it_ends_where_the_kernel_ends(tmp_path: Path) -> None:
    """Red before: what resolved paths counted no links."""
    (tmp_path / "0").touch()
    for number in range(MOST_LINKS + 1):
        (tmp_path / str(number + 1)).symlink_to(str(number))
    last, too_far = (tmp_path / str(MOST_LINKS + more) for more in (0, 1))
    assert real_path(last) == tmp_path / "0"
    assert last.samefile(tmp_path / "0")
    for follow in (os.stat, real_path):
        with pytest.raises(OSError, match="links") as raised:
            follow(too_far)
        assert raised.value.errno == errno.ELOOP


def test_links_that_lead_through_each_other_are_counted_each_time(tmp_path: Path) -> None:
    """Sixty of them lead through more than anybody could follow."""
    (tmp_path / "0").mkdir()
    for number in range(60):
        (tmp_path / str(number + 1)).symlink_to(f"{number}/../{number}")
    assert real_path(tmp_path / "5") == tmp_path / "0"
    for number in (6, 60):
        with pytest.raises(OSError, match="links lead there"):
            real_path(tmp_path / str(number))
    (tmp_path / "loop").symlink_to("loop/x")
    with pytest.raises(OSError, match="links lead there"):
        real_path(tmp_path / "loop")


def test_who_puts_links_without_end_in_a_folder_s_place_has_planted_it(tmp_path: Path) -> None:
    """Red before: `depesche up` followed them, and what they led to could be exchanged."""
    (tmp_path / "0").mkdir()
    for number in range(MOST_LINKS + 1):
        (tmp_path / str(number + 1)).symlink_to(str(number))
    last, too_far = (tmp_path / str(MOST_LINKS + more) for more in (0, 1))
    assert not planted(last / "data")
    sentence = f"{too_far / 'data'} cannot be found: more than 40 links lead there."
    assert planted(too_far / "data") == sentence
    assert fault_of_owner(too_far / "data").startswith(f"{sentence} Set DEPESCHE_DATA")


def test_links_through_thousands_of_folders_are_followed_no_further(tmp_path: Path) -> None:
    """Forty of them, each as long as a link may be, took seconds at each look."""
    (tmp_path / "0").mkdir()
    for number in range(3):
        (tmp_path / str(number + 1)).symlink_to("x/../" * 780 + str(number))
    with pytest.raises(OSError, match="thousands of folders") as raised:
        real_path(tmp_path / "3")
    assert raised.value.errno == errno.ELOOP
