"""Paths of which others may own a part: walked name by name below a folder, no link is followed.

What is asked by path is asked anew of whoever owns a folder on it: between a look and a rename a
link can take a folder's place, and the rename leads elsewhere. What is asked of an open folder
stays there. Python has no ``openat2``; so each name is opened from the folder above it.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress

from worker.access_lists import as_listed

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
#: Enough to reach what lies in a folder, and for that nobody needs the right to list it.
PASS = os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC | getattr(os, "O_PATH", os.O_RDONLY)
#: ``O_NONBLOCK``: a pipe in a file's place keeps nobody waiting.
FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC

#: What the kernel says where a name is a link, a folder, a pipe, a socket, a device, or leads
#: through one: whoever put it there is at fault, and no disk.
_NO_FILE = frozenset({errno.ELOOP, errno.ENOTDIR, errno.EISDIR, errno.ENXIO, errno.ENODEV})


class NotAFile(OSError):
    """Something that is no regular file, or lies behind a link."""


class TooLarge(OSError):
    """A file of more bytes than are wanted of it; ``size`` is how many it has."""

    def __init__(self, size: int) -> None:
        super().__init__(errno.EFBIG, f"it has {size:,} bytes")
        self.size = size


def parts(relative: str) -> list[str]:
    """The names of a path below a folder. Raises :class:`NotAFile` where it leads out of it."""
    names = relative.split("/")
    if any(name in {"", ".", ".."} for name in names):
        raise NotAFile(errno.EINVAL, f"{relative!r} is no path below a folder")
    return names


def split(file: str | os.PathLike[str], relative: str) -> tuple[str, str]:
    """The trusted folder above a path, and the part below it that is walked.

    ``relative`` is the end of the path that others may own; where it is none, the name alone is.
    Raises :class:`NotAFile` where it leads out of a folder.
    """
    parts(relative)
    whole = os.fspath(file)
    below = relative if whole.endswith(f"/{relative}") else whole.rpartition("/")[2]
    return whole[: -len(below)] or ".", below


@contextmanager
def folder(
    root: str | os.PathLike[str] | int, names: Sequence[str] = (), flags: int = FOLDER
) -> Iterator[int]:
    """An open folder below ``root``, which alone may be a link or, as an open folder, a number.

    With the flags ``PASS`` it cannot be listed. Raises ``OSError`` where a name on the way is no
    folder.
    """
    handle = os.dup(root) if isinstance(root, int) else os.open(root, flags & ~os.O_NOFOLLOW)
    try:
        for name in names:
            above = handle
            handle = os.open(name, flags, dir_fd=above)
            os.close(above)
        yield handle
    finally:
        os.close(handle)


@contextmanager
def parent(file: str | os.PathLike[str], relative: str) -> Iterator[tuple[int, str]]:
    """The open folder of a file, and its name in there; see :func:`split`."""
    root, below = split(file, relative)
    *names, name = parts(below)
    with folder(root, names, PASS) as handle:
        yield handle, name


def statuses(root: str | os.PathLike[str], names: Sequence[str]) -> list[os.stat_result]:
    """What each folder on the way looks like, by its access list; up to the first that is none."""
    told: list[os.stat_result] = []
    handle = os.open(root, PASS & ~os.O_NOFOLLOW)
    try:
        for name in names:
            above = handle
            handle = os.open(name, PASS, dir_fd=above)
            os.close(above)
            told.append(as_listed(os.fstat(handle), handle))
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return told
    finally:
        os.close(handle)
    return told


def status(root: str | os.PathLike[str], relative: str) -> os.stat_result | None:
    """What lies at a path below a folder; None where nothing does, or a link is on the way."""
    *names, name = parts(relative)
    try:
        with folder(root, names, PASS) as handle:
            return os.stat(name, dir_fd=handle, follow_symlinks=False)
    except (FileNotFoundError, NotADirectoryError, NotAFile):
        return None


def is_file(root: str | os.PathLike[str], relative: str) -> bool:
    """Whether a regular file lies at a path below a folder, whatever the path is."""
    below, _, name = relative.rpartition("/")
    return first_file(root, below, [name]) is not None


def first_file(root: str | os.PathLike[str], below: str, names: Iterable[str]) -> str | None:
    """Which of these names is the first of a regular file in a folder, whatever they are.

    ``below``: the path of the folder below ``root``; "" is that itself.
    """
    try:
        with folder(root, parts(below) if below else [], PASS) as handle:
            return next((name for name in names if _is_regular(name, handle)), None)
    except (OSError, ValueError):  # no path below it, too long a name, a NUL
        return None


def _is_regular(name: str, handle: int) -> bool:
    with suppress(OSError, ValueError):
        parts(name)
        return stat.S_ISREG(os.stat(name, dir_fd=handle, follow_symlinks=False).st_mode)
    return False


def open_file(name: str, handle: int) -> int:
    """Open a regular file in an open folder. Raises :class:`NotAFile` for anything else."""
    try:
        file = os.open(name, FILE, dir_fd=handle)
    except OSError as error:
        if error.errno in _NO_FILE:
            raise NotAFile(error.errno, f"it is no regular file: {error.strerror}") from error
        raise
    if stat.S_ISREG(os.fstat(file).st_mode):
        return file
    os.close(file)
    raise NotAFile(errno.EINVAL, "it is no regular file")


def open_below(root: str | os.PathLike[str] | int, relative: str) -> int:
    """The same for a path below a folder."""
    *names, name = parts(relative)
    try:
        with folder(root, names, PASS) as handle:
            return open_file(name, handle)
    except NotADirectoryError as error:
        raise NotAFile(error.errno, "it lies behind a link") from error


def read_all(file: int, most: int) -> bytes:
    """All bytes of an open file. Raises :class:`TooLarge`, unread, where there are more."""
    size = os.fstat(file).st_size
    if size > most:
        raise TooLarge(size)
    chunks: list[bytes] = []
    left = most + 1  # it may grow while it is read
    while left and (chunk := os.read(file, min(left, max(size + 1, 65536)))):
        chunks.append(chunk)
        left -= len(chunk)
    if not left:
        raise TooLarge(max(os.fstat(file).st_size, most + 1))
    return b"".join(chunks)


def read_below(root: str | os.PathLike[str] | int, relative: str, most: int) -> bytes:
    """All bytes of a file below a folder; see :func:`open_below` and :func:`read_all`."""
    file = open_below(root, relative)
    try:
        return read_all(file, most)
    finally:
        os.close(file)


def begins_with(root: str | os.PathLike[str], relative: str, data: bytes) -> bool:
    """Whether a file below a folder begins with these bytes; no more of it is read."""
    try:
        file = open_below(root, relative)
    except FileNotFoundError:
        return False
    try:
        return os.pread(file, len(data), 0) == data
    finally:
        os.close(file)


def unlink(root: str | os.PathLike[str], relative: str) -> None:
    """Remove a file below a folder, if it is there."""
    *names, name = parts(relative)
    with suppress(FileNotFoundError), folder(root, names, PASS) as handle:
        os.unlink(name, dir_fd=handle)


def remove_empty(root: str | os.PathLike[str], names: Sequence[str]) -> None:
    """Remove the folder of these names below another, and those on the way, while it is empty.

    Raises :class:`NotAFile` where they lead out of it.
    """
    names = parts("/".join(names)) if names else []
    for depth in range(len(names), 0, -1):
        try:
            with folder(root, names[: depth - 1], PASS) as handle:
                os.rmdir(names[depth - 1], dir_fd=handle)
        except OSError:  # something is in it, or it is gone
            return


def files(handle: int, prefix: str = "") -> Iterator[str]:
    """The path of everything below an open folder that is no folder, links and pipes too.

    Raises ``OSError`` where a folder may not be looked into; one that has gone is passed over.
    """
    for name, is_folder in _entries(handle):
        if not is_folder:
            yield prefix + name
            continue
        try:
            with folder(handle, [name]) as below:
                yield from files(below, f"{prefix}{name}/")
        except FileNotFoundError:
            continue
        except NotADirectoryError:  # something else has taken its place meanwhile
            yield prefix + name


def remove_folders(handle: int) -> None:
    """Remove all folders below an open one. Raises ``OSError`` where anything else is in them."""
    for name, is_folder in _entries(handle):
        if not is_folder:
            raise NotAFile(errno.ENOTEMPTY, f"{name!r} is left")
        with folder(handle, [name]) as below:
            remove_folders(below)
        os.rmdir(name, dir_fd=handle)


def _entries(handle: int) -> list[tuple[str, bool]]:
    with os.scandir(handle) as entries:
        return [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
