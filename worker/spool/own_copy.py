"""Files that others may still change become our own, before anything is made of them.

Whoever owns a file, has another link to it or may write it can change it for as long as he holds it
open, wherever it is moved and however closed the folder is: in the archive there would be something
else than was indexed. An article's file is copied, of the very bytes that were read. What is too
large for that, a container, and what has failed is taken over where it lies, with the owner's and
others' rights to write: that needs root.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from worker import beneath
from worker.atomic import NEW, PRIVATE
from worker.spool import sender
from worker.spool.kept import file_like

#: A disk takes many at once in the time of one.
AT_ONCE = 16
_OTHERS = stat.S_IWGRP | stat.S_IWOTH


def is_ours(status: os.stat_result) -> bool:
    """Whether nobody else can have a file in hand: no other link, owner, or right to write."""
    return _is_closed(status) and status.st_nlink == 1


def _is_closed(status: os.stat_result) -> bool:
    """Whether nobody else may open it to write; a link of ours to it is no other's."""
    return status.st_uid == os.geteuid() and not status.st_mode & _OTHERS


def take_over(file: Path, relative: str) -> bool:
    """Whether nobody else can open a file to write from now on, who does not write it already.

    ``relative`` is the end of its path that others may own. It lies in a folder of ours, and stays
    as it is otherwise. False where it cannot be so: it has another link, at which it is somebody
    else's, or we may not. Raises ``FileNotFoundError``.
    """
    with beneath.parent(file, relative) as (folder, name):
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
        if _is_closed(status):
            return True
        if status.st_nlink > 1 or not stat.S_ISREG(status.st_mode):
            return False
        try:
            os.chown(name, os.geteuid(), -1, dir_fd=folder, follow_symlinks=False)
            # Asked anew: until then it was its owner who said what others may.
            mode = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
            os.chmod(name, stat.S_IMODE(mode) & ~_OTHERS, dir_fd=folder)
            sender.note(f"/proc/self/fd/{folder}/{name}", status.st_uid)
        except PermissionError:
            return False
    return True


def write(folder: Path, content: bytes, like: os.stat_result) -> Path:
    """Write a copy, with the rights, group and time of ``like``; it is not on disk yet."""
    copy = folder / f".{os.getpid()}-{os.urandom(4).hex()}.tmp"
    handle = os.open(copy, NEW, PRIVATE)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            file_like(handle, like)
            if like.st_uid != os.geteuid():
                sender.note(handle, like.st_uid)
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
