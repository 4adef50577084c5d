"""Whose a file was that is our own: where its disk, or the system, has attributes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from worker.spool import sender


def test_a_copy_says_whose_it_was(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    sender.note(tmp_path / "a.txt", 1000)
    assert sender.of(tmp_path / "a.txt", "a.txt") in {1000, os.geteuid()}, "a disk may have none"
    assert sender.of(tmp_path / "gone.txt", "gone.txt") is None


@pytest.mark.skipif(not hasattr(os, "setxattr"), reason="it is so here anyhow")
def test_where_the_system_has_no_attributes_nobody_knows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: on macOS each copy of another user's file ended by an ``AttributeError``."""
    for name in ("setxattr", "getxattr"):
        monkeypatch.delattr(os, name)
    (tmp_path / "a.txt").touch()
    sender.note(tmp_path / "a.txt", 1000)
    assert sender.of(tmp_path / "a.txt", "a.txt") == os.geteuid()
