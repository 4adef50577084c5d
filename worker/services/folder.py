"""Folders and files by descriptor: what somebody swaps for a link meanwhile leads nowhere.

Root writes where servers of other users write, too. A path is looked up again at each use; an
open folder stays the one that was looked at.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from articles.errors import UsageError
from worker import access_lists
from worker.beneath import FOLDER, NotAFile, open_file

_LOG_BYTES = 65_536
_OTHERS = stat.S_IRWXG | stat.S_IRWXO


@contextmanager
def opened(top: Path, *names: str) -> Iterator[int]:
    """The folder ``top/name/…``, open; each of the names is made (0700) where it is not there.

    ``top`` may be reached by links, none of the names. Raises ``UsageError`` for one that is none.
    """
    handle = os.open(top, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        for number, name in enumerate(names):
            inner = _entered(handle, name, top.joinpath(*names[: number + 1]))
            os.close(handle)
            handle = inner
        yield handle
    finally:
        os.close(handle)


def _entered(folder: int, name: str, path: Path) -> int:
    with suppress(FileExistsError):
        os.mkdir(name, 0o700, dir_fd=folder)
    try:
        return os.open(name, FOLDER, dir_fd=folder)
    except NotADirectoryError:
        raise UsageError(f"{path} is no folder, or a link to one: remove it.") from None
    except OSError as error:
        error.filename = str(path)
        raise


def grant(handle: int, mode: int, owner: tuple[int, int] | None = None) -> None:
    """Give an open file or folder its mode and, where it is not theirs, to (uid, gid).

    Nobody but whom the mode names keeps any right to it.
    """
    status = os.fstat(handle)
    if owner is not None and (status.st_uid, status.st_gid) != owner:
        os.fchown(handle, *owner)
        status = os.fstat(handle)
    access_lists.remove(handle)
    if stat.S_IMODE(status.st_mode) != mode:
        os.fchmod(handle, mode)


def put(
    folder: int, name: str, content: str, mode: int = 0o600, owner: tuple[int, int] | None = None
) -> None:
    """Write a file anew, whatever had its name: a reader sees the old or the new one."""
    draft = f".{name}.{os.getpid()}.part"
    with suppress(FileNotFoundError):
        os.unlink(draft, dir_fd=folder)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    handle = os.open(draft, flags, 0o600, dir_fd=folder)
    with open(handle, "w", encoding="utf-8") as file:  # noqa: PTH123
        file.write(content)
        file.flush()
        grant(handle, mode, owner)
    os.rename(draft, name, src_dir_fd=folder, dst_dir_fd=folder)


def text_of(folder: int, name: str, last: int | None = None) -> str | None:
    """The text of a regular file, or of its ``last`` bytes; None where there is none."""
    try:
        handle = open_file(name, folder)
    except OSError:
        return None
    with open(handle, encoding="utf-8", errors="replace") as file:  # noqa: PTH123
        if last is not None and os.fstat(handle).st_size > last:
            os.lseek(handle, -last, os.SEEK_END)
        return file.read(last)


def is_private(path: Path, owner: int) -> bool:
    """Whether it is a folder of that user's which nobody else may enter."""
    try:
        status = path.lstat()
    except OSError:
        return False
    closed = status.st_uid == owner and not status.st_mode & _OTHERS
    return closed and stat.S_ISDIR(status.st_mode)


def hand_over(folder: int, owner: tuple[int, int], path: Path) -> None:
    """Give an open folder and all in it to (uid, gid), itself last: broken off, it is done again.

    No link is followed. Raises ``UsageError`` for a file that has another name besides: it may
    lie elsewhere and be somebody else's.
    """
    for entry in list(os.scandir(folder)):
        status = entry.stat(follow_symlinks=False)
        if stat.S_ISDIR(status.st_mode):
            _inner(folder, entry.name, owner, path / entry.name)
        elif status.st_uid != owner[0] and not stat.S_ISLNK(status.st_mode):
            _file(folder, entry.name, owner, path / entry.name)
    grant(folder, 0o700, owner)


def _inner(folder: int, name: str, owner: tuple[int, int], path: Path) -> None:
    handle = os.open(name, FOLDER, dir_fd=folder)
    try:
        hand_over(handle, owner, path)
    finally:
        os.close(handle)


def _file(folder: int, name: str, owner: tuple[int, int], path: Path) -> None:
    refused = UsageError(
        f"{path} is no plain file, or has another name elsewhere, and is not handed over to the "
        "user that the service runs as. Look at it, and remove it."
    )
    try:
        handle = open_file(name, folder)
    except NotAFile:
        raise refused from None
    try:
        if os.fstat(handle).st_nlink != 1:
            raise refused
        os.fchown(handle, *owner)
        access_lists.remove(handle)
    finally:
        os.close(handle)


def newest_logs(path: Path) -> Iterator[tuple[int, Path, str]]:
    """Time, path and end of the logs in a folder; a link in its place, or in theirs, is none.

    Servers of other users write there, and root reads: no more than the end, however large.
    """
    try:
        handle = os.open(path, FOLDER)
    except OSError:
        return
    try:
        for name in os.listdir(handle):
            text = text_of(handle, name, _LOG_BYTES) if name.endswith(".log") else None
            if text:
                yield os.lstat(name, dir_fd=handle).st_mtime_ns, path / name, text
    except OSError:
        return
    finally:
        os.close(handle)
