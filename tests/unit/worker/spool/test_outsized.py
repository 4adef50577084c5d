"""Files of any size: holes are refused unread, and what would fill the disk."""

from __future__ import annotations

import os
import shutil
from collections import namedtuple
from pathlib import Path

import pytest

from articles.errors import Unreadable
from articles.limits import MEBIBYTE
from worker.spool import outsized
from worker.spool.outsized import (
    LEFT,
    PIECES,
    refuse_holes,
    refuse_on_a_full_disk,
    refuse_what_fills,
)

TERABYTES = 4 * 2**40
Usage = namedtuple("Usage", "total used free")


def opened(path: Path, *pieces: tuple[int, bytes], size: int = 0) -> int:
    """A file with these pieces, each at its place, and holes between them."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT)
    for place, data in pieces:
        os.pwrite(handle, data, place)
    os.ftruncate(handle, max(size, os.fstat(handle).st_size))
    if os.lseek(handle, 0, os.SEEK_HOLE) == os.fstat(handle).st_size:
        pytest.skip("this file system does not tell of holes")
    return handle


@pytest.mark.parametrize(
    "pieces",
    [
        [],
        [(0, b"a" * 1000)],
        [(0, b"a"), (TERABYTES - 1, b"b")],
        [(part * MEBIBYTE, b"a") for part in range(100)],
    ],
)
def test_what_is_holes_for_the_most_part_is_refused(
    tmp_path: Path, pieces: list[tuple[int, bytes]]
) -> None:
    handle = opened(tmp_path / "a.tar", *pieces, size=TERABYTES)
    with pytest.raises(Unreadable, match="holes of more than 67,108,864 bytes"):
        refuse_holes(handle)
    os.close(handle)


def test_very_many_small_holes_are_not_counted_to_their_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outsized, "PIECES", 20)
    handle = opened(tmp_path / "a.tar", *((16_384 * part, b"a") for part in range(30)))
    with pytest.raises(Unreadable):
        refuse_holes(handle)
    os.close(handle)
    assert PIECES > 1_000


def test_few_holes_are_nobody_s_fault_and_the_file_stands_at_its_beginning(tmp_path: Path) -> None:
    handle = opened(tmp_path / "a.tar", (0, b"abc"), size=MEBIBYTE)
    refuse_holes(handle)
    assert os.read(handle, 3) == b"abc"
    os.close(handle)


def test_a_copy_leaves_half_of_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10_000, 0, 1_000))
    (tmp_path / "a.zip").write_bytes(b"a" * 501)
    handle = os.open(tmp_path / "a.zip", os.O_RDWR)
    with pytest.raises(Unreadable, match="501 bytes, and of 1,000 that are free"):
        refuse_what_fills(handle, tmp_path)
    os.ftruncate(handle, 500)
    refuse_what_fills(handle, tmp_path)
    os.close(handle)


def test_copies_leave_the_services_some_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of many small files of a message each took its half of what was left."""
    free = [LEFT - 1]
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10 * LEFT, 0, free[0]))
    with pytest.raises(Unreadable, match="copies leave"):
        refuse_on_a_full_disk(tmp_path)
    free[0] = LEFT
    refuse_on_a_full_disk(tmp_path)
