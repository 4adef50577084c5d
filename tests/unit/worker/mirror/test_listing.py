"""A tree is listed in the order of its paths as bytes, and no link is followed."""

from __future__ import annotations

import os
from pathlib import Path

from worker import beneath
from worker.mirror.listing import listing


def test_the_order_is_that_of_the_bytes(tmp_path: Path) -> None:
    names = [b"a/b", b"a.txt", b"a-/c", b"a0", b"\xff\xfe", "ü".encode(), "\U0001f4f0".encode()]
    for name in names:
        path = os.path.join(os.fsencode(tmp_path), name)  # noqa: PTH118 -- a path of bytes
        os.makedirs(os.path.dirname(path), exist_ok=True)  # noqa: PTH103, PTH120
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
    (tmp_path / "link").symlink_to(tmp_path / "a0")
    (tmp_path / "folder").symlink_to(tmp_path / "a")
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "HEAD").touch()
    os.mkfifo(tmp_path / "pipe")
    with beneath.folder(tmp_path) as root:
        entries = list(listing(root))
    assert [entry.path for entry in entries] == sorted(names)
    assert all(entry.look for entry in entries)
