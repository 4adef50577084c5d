"""A file that is written at its end, at a path on which others may own a part.

What root logs has names in it that others choose: led elsewhere it would end in any file of root's.
"""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from pathlib import Path

from worker import rooted
from worker.beneath import PASS, NotAFile

#: ``O_NONBLOCK``: a pipe that nobody reads, in the file's place, keeps no process waiting.
_APPEND = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NONBLOCK | os.O_CLOEXEC
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def appended(path: Path) -> int:
    """Open it to be written at its end; it, and the folders above it, are made where they are not.

    A link is followed where root or we have put it. Raises :class:`NotAFile` for any other one, and
    for what is another user's, or may be a second name of a file that lies elsewhere.
    """
    _make(path.parent)
    return _opened(path)


def _make(folder: Path) -> None:
    try:
        with rooted.opened(folder, PASS):
            return
    except FileNotFoundError:
        _make(folder.parent)
    with rooted.opened(folder.parent, PASS) as above, suppress(FileExistsError):
        os.mkdir(folder.name, dir_fd=above)


def _opened(path: Path, links: int = 0) -> int:
    with rooted.opened(path.parent, PASS) as folder:
        no_link = 0 if _is_the_kernels(folder) else os.O_NOFOLLOW
        try:
            handle = os.open(path.name, _APPEND | no_link, 0o600, dir_fd=folder)
        except OSError as error:
            if error.errno != errno.ELOOP:
                raise
            goal = rooted.goal(path.name, folder, links + 1)
        else:
            return _refused(handle, os.fstat(folder))
    return _opened(path.parent / goal, links + 1)


def _is_the_kernels(folder: int) -> bool:
    """Whether it lies in `/proc`, where `/dev/stdout` leads to: to a link that names no path."""
    with suppress(OSError):
        return os.fstat(folder).st_dev == os.stat("/proc/self").st_dev  # noqa: PTH116
    return False


def _refused(handle: int, folder: os.stat_result) -> int:
    """The handle, closed where what it leads to may have been planted."""
    if fault := _fault(os.fstat(handle), folder):
        os.close(handle)
        raise NotAFile(errno.EACCES, fault)
    return handle


def _fault(status: os.stat_result, folder: os.stat_result) -> str:
    ours = {0, os.geteuid()}
    if status.st_uid not in ours:
        return f"it belongs to another user (uid {status.st_uid})"
    shared = folder.st_uid not in ours or folder.st_mode & _OTHERS_WRITE
    if shared and stat.S_ISREG(status.st_mode) and status.st_nlink > 1:
        return "it has another name elsewhere"  # as anybody may make one: protected_hardlinks = 0
    return ""
