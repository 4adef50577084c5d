"""A copy of our own of what others may still change, before anything is made of it.

Whoever owns a file, has another link to it or may write it can change it for as long as he holds it
open, wherever it is moved and however closed the folder is: in the archive there would be something
else than was indexed. The copy is made of the very bytes that were read.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from worker.atomic import NEW, PRIVATE
from worker.spool.kept import file_like

#: A disk takes many at once in the time of one.
AT_ONCE = 16


def is_ours(status: os.stat_result) -> bool:
    """Whether nobody else can have a file in hand: no other link, owner, or right to write."""
    others = stat.S_IWGRP | stat.S_IWOTH
    ours = status.st_uid == os.geteuid() and not status.st_mode & others
    return ours and status.st_nlink == 1


def write(folder: Path, content: bytes, like: os.stat_result) -> Path:
    """Write a copy, with the rights, group and time of ``like``; it is not on disk yet."""
    copy = folder / f".{os.getpid()}-{os.urandom(4).hex()}.tmp"
    handle = os.open(copy, NEW, PRIVATE)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            file_like(handle, like)
    except BaseException:
        copy.unlink(missing_ok=True)
        raise
    return copy


def synchronise(copies: Sequence[Path]) -> None:
    """Return when all are on disk."""
    shares = [copies[start::AT_ONCE] for start in range(min(AT_ONCE, len(copies)))]
    if len(shares) > 1:
        with ThreadPoolExecutor(len(shares)) as pool:  # handing over each by itself takes longer
            list(pool.map(_synchronise, shares))
    else:
        _synchronise(copies)


def _synchronise(copies: Sequence[Path]) -> None:
    for copy in copies:
        handle = os.open(copy, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
