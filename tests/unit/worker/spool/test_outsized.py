"""Files of any size: holes are refused unread, and what would fill the disk."""

from __future__ import annotations

import os
import shutil
from collections import namedtuple
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

from articles.errors import Unreadable
from articles.limits import MEBIBYTE
from worker.services.elasticsearch_config import _ALWAYS as SETTINGS
from worker.spool import outsized
from worker.spool.outsized import (
    LEFT,
    PIECES,
    refuse_holes,
    refuse_what_fills,
    why_full,
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


def test_a_copy_takes_half_of_what_may_be_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Red before: half of all that was free, so that two left Elasticsearch too little."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10 * LEFT, 0, LEFT + 1_000))
    with pytest.raises(Unreadable, match="501 bytes, and 1,073,742,824 are free"):
        refuse_what_fills(501, tmp_path)
    refuse_what_fills(500, tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10 * LEFT, 0, LEFT - 1))
    with pytest.raises(Unreadable, match="copies leave"):
        refuse_what_fills(1, tmp_path)


def test_a_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of bytes, and of files: an empty member of a container is one, too, and so is its reason."""
    assert why_full(tmp_path) == ""
    disk = SimpleNamespace(f_bavail=LEFT // 512, f_frsize=512, f_favail=100_000, f_files=20_000_000)
    monkeypatch.setattr(os, "statvfs", lambda _: disk)
    assert why_full(tmp_path) == ""
    disk.f_favail -= 1
    assert why_full(tmp_path) == "the disk takes 99,999 more files, and 100,000 are to be left"
    disk.f_files = 1_000_000  # a small one
    assert why_full(tmp_path) == ""
    disk.f_files = disk.f_favail = 0  # it does not count them
    assert why_full(tmp_path) == ""
    disk.f_bavail -= 1
    assert why_full(tmp_path).startswith("1,073,741,312 bytes are free on the disk")


def bytes_of(told: str) -> int:
    """What Elasticsearch takes for ``512mb``."""
    return int(told[:-2]) * {"mb": 2**20, "gb": 2**30}[told[-2:]]


def test_what_is_left_is_twice_what_elasticsearch_needs_to_be_written_to() -> None:
    """Below its last mark all work waits until a person frees some disk: of both of ours."""
    compose = yaml.safe_load((Path(__file__).parents[4] / "docker-compose.yml").read_text())
    for settings in (SETTINGS, compose["services"]["elasticsearch"]["environment"]):
        last = settings["cluster.routing.allocation.disk.watermark.flood_stage"]
        assert 2 * bytes_of(str(last)) <= LEFT
