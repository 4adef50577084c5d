"""How much may be written for others: files of any size, before they are read or copied; the disk.

A hole, bytes that nobody wrote, costs who leaves it nothing, and reading it takes hours all the
same. What packs files leaves none, and what copies them (``rsync --sparse``) leaves few.

Whatever Depesche writes that a few bytes of somebody's may cause leaves some of the disk: copies of
what others hold or link, of a mirror's files, and members of containers.
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
#: Bytes of a disk that these leave. Half of them are what Elasticsearch is to have free (its "flood
#: stage"): with less it takes no more writes, and everybody's work waits.
LEFT = 1024 * MEBIBYTE
#: And so many files, but no more than one in so many that it may have.
FILES_LEFT, ONE_IN = 100_000, 100


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


def why_full(folder: Path) -> str:
    """Why no more is written there for others now, which waits then; "" where it is."""
    disk = os.statvfs(folder)
    free, files = disk.f_bavail * disk.f_frsize, disk.f_favail
    if free < LEFT:
        return f"{free:,} bytes are free on the disk, and {LEFT:,} are to be left"
    if files < (left := min(FILES_LEFT, disk.f_files // ONE_IN)):
        return f"the disk takes {files:,} more files, and {left:,} are to be left"
    return ""


def refuse_what_fills(size: int, folder: Path) -> None:
    """Raise ``Unreadable`` where a copy of so many bytes would leave a disk too little."""
    free = shutil.disk_usage(folder).free
    if size > max(0, free - LEFT) / 2:
        raise Unreadable(
            f"It has {size:,} bytes, and {free:,} are free where it is to be copied: copies leave "
            f"{LEFT:,}, and one may have half of the rest.",
            "Free some disk, or move the file itself into the inbox.",
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
