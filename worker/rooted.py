"""Folders whose paths a person gave us, on which others may own a part.

Who owns a folder on the way can put a link in the place of what is below it, and have files read
that he may not read himself. So a link is followed where root or we have put it, and no other.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tasks.real_path import MOST_LINKS
from worker.beneath import FOLDER, NotAFile

_ANYTHING = getattr(os, "O_PATH", 0) | os.O_NOFOLLOW | os.O_CLOEXEC


@contextmanager
def opened(path: str | os.PathLike[str], flags: int = FOLDER) -> Iterator[int]:
    """The open folder at a path. Raises :class:`NotAFile` where a link of another user leads there.

    Where the system opens no link itself (macOS), all are followed.
    """
    handle = _walked(Path(path)) if hasattr(os, "O_PATH") else os.open(path, flags & ~os.O_NOFOLLOW)
    try:
        folder = os.open(".", flags, dir_fd=handle)
    finally:
        os.close(handle)
    try:
        yield folder
    finally:
        os.close(folder)


def _walked(path: Path) -> int:
    """What lies at a path, by its number: each name is opened in the folder above it."""
    names, links, handle = list(reversed(path.absolute().parts)), 0, None
    with ExitStack() as on_the_way:
        while names:
            below = os.open(names.pop(), _ANYTHING, dir_fd=handle)  # `/` begins anew
            on_the_way.callback(os.close, below)
            status = os.fstat(below)
            if not stat.S_ISLNK(status.st_mode):
                handle = below
                continue
            links += 1
            _refuse(status, links)
            names += reversed(Path(os.readlink("", dir_fd=below)).parts)
        return os.dup(handle) if handle is not None else os.open("/", _ANYTHING)


def _refuse(link: os.stat_result, count: int) -> None:
    if count > MOST_LINKS:
        raise NotAFile(errno.ELOOP, "too many links lead there")
    if link.st_uid not in {0, os.geteuid()}:
        whose = f"a link of another user (uid {link.st_uid}) leads there, who may turn it elsewhere"
        raise NotAFile(errno.ELOOP, whose)
