"""Files of any size, before they are read or copied: only containers are those.

A hole, bytes that nobody wrote, costs who leaves it nothing, and reading it takes hours all the
same. What packs files leaves none, and what copies them (``rsync --sparse``) leaves few.
"""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

from articles.errors import Unreadable
from articles.limits import MEBIBYTE

#: Bytes of holes in one file, and pieces of it that are looked at.
MOST, PIECES = 64 * MEBIBYTE, 10_000
#: The first of a file that is small enough to be an article.
MOST_OF_ARTICLE = MEBIBYTE
#: Bytes of a disk that copies of others' files leave: Elasticsearch and Redis need some.
LEFT = 1024 * MEBIBYTE


def refuse_holes(handle: int, most: int = MOST) -> None:
    """Raise ``Unreadable`` for an open file with more than ``most`` bytes of holes, or many.

    Nothing is read. It is looked at from its beginning and left there. Where the system tells
    nothing of holes, there are none.
    """
    try:
        hollow = _is_hollow(handle, os.fstat(handle).st_size, most)
    except OSError:
        return
    finally:
        os.lseek(handle, 0, os.SEEK_SET)
    if hollow:
        raise Unreadable(
            f"It has holes of more than {most:,} bytes, which nobody wrote: it holds no articles.",
            "Copy it whole, without holes (`cp --sparse=never`), if it is one.",
        )


def refuse_what_fills(handle: int, folder: Path) -> None:
    """Raise ``Unreadable`` where a copy of an open file would leave others of a disk too little."""
    size, free = os.fstat(handle).st_size, shutil.disk_usage(folder).free
    if size > free / 2:
        raise Unreadable(
            f"It has {size:,} bytes, and of {free:,} that are free where it is to be copied it may "
            "have half.",
            "Free some disk, or unpack it.",
        )


def refuse_on_a_full_disk(folder: Path) -> None:
    """Raise ``Unreadable`` where a disk has no room for copies of others' files, however small."""
    free = shutil.disk_usage(folder).free
    if free < LEFT:
        raise Unreadable(
            f"Of the disk {free:,} bytes are free, and copies leave {LEFT:,}.",
            "Free some disk, or move the file into the inbox.",
        )


def _is_hollow(handle: int, size: int, most: int) -> bool:
    holes = at = pieces = 0
    while at < size and holes <= most and pieces <= PIECES:
        begins = _data_from(handle, at, size)
        holes, pieces = holes + begins - at, pieces + 1
        at = os.lseek(handle, begins, os.SEEK_HOLE) if begins < size else size
    return holes > most or pieces > PIECES


def _data_from(handle: int, at: int, size: int) -> int:
    try:
        return os.lseek(handle, at, os.SEEK_DATA)
    except OSError as error:
        if error.errno != errno.ENXIO:
            raise
        return size  # a hole up to the end
