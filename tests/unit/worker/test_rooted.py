"""Folders by paths that a person gave: whose links are followed on the way."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from worker import rooted
from worker.beneath import PASS, NotAFile


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a" / "b").mkdir(parents=True)
    return tmp_path / "a" / "b"


def owner(path: Path, uid: int) -> Path:
    if os.geteuid():
        pytest.skip("only root gives links away")
    os.lchown(path, uid, uid)
    return path


def linked(link: Path, target: str | Path) -> Path:
    link.symlink_to(target)
    return link


def is_at(path: Path, folder: Path) -> bool:
    with rooted.opened(path) as handle, rooted.opened(path, PASS) as passing:
        stats = [os.fstat(handle), os.fstat(passing)]
        return all(os.path.samestat(told, folder.stat()) for told in stats)


def test_links_of_our_own_lead_there(folder: Path, tmp_path: Path) -> None:
    linked(tmp_path / "whole", folder)
    linked(tmp_path / "c", "a")
    linked(tmp_path / "twice", "c/../whole")
    for name in ("a/b", "whole", "c/b", "a/../a/./b", "twice", "c/b/../../whole"):
        assert is_at(tmp_path / name, folder)
    assert is_at(Path("/"), Path("/"))


def test_a_stranger_s_link_leads_nowhere(folder: Path, tmp_path: Path) -> None:
    owner(linked(tmp_path / "last", folder), 65534)
    owner(linked(tmp_path / "first", tmp_path / "a"), 1234)
    linked(tmp_path / "behind", "last")
    for name in ("last", "first/b", "behind"):
        with pytest.raises(NotAFile, match="a link of another user"):
            rooted.opened(tmp_path / name).__enter__()
    owner(tmp_path / "a", 65534)  # of his folders nothing is said
    assert is_at(folder, folder)


def test_what_is_no_folder_is_an_error_and_leaves_nothing_open(tmp_path: Path) -> None:
    linked(tmp_path / "self", "self")
    (tmp_path / "file").touch()
    before = os.listdir("/proc/self/fd")
    for name, error in (("self", NotAFile), ("file", NotADirectoryError), ("x", FileNotFoundError)):
        with pytest.raises(error):
            rooted.opened(tmp_path / name).__enter__()
    assert os.listdir("/proc/self/fd") == before
