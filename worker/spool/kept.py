"""What files and folders keep on their way: the rights, the group, and of files the time.

A file that is moved keeps all by itself. One that is copied gets it, and so do the folders that are
made for either: who could not read an article in the inbox cannot read it in the archive.
Where a model has an access list its status says what that leaves them (``access_lists.as_listed``).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import partial
from pathlib import Path

from worker.beneath import FOLDER, split, statuses

_RIGHTS = 0o777
_GROUP_RIGHTS = 0o070
_OTHERS_RIGHTS = 0o007
#: Whoever shares in what is ours, from whenever on, reads what lies there.
_WRITTEN_BY_OTHERS = 0o022


def file_like(handle: int, model: os.stat_result) -> None:
    """Give an open file the group, rights and time of another; it stays our own, and readable.

    What was to be read by its group alone would be closed to us, who own the copy.
    """
    kept = _with_group(handle, model)
    with suppress(PermissionError):  # a file system that has no rights
        os.fchmod(handle, rights(model.st_mode, kept) & ~_WRITTEN_BY_OTHERS | stat.S_IRUSR)
    os.utime(handle, ns=(model.st_atime_ns, model.st_mtime_ns))


Models = Callable[[], Sequence[os.stat_result]]
Beside = Callable[[str], str]


def way(
    root: str | os.PathLike[str],
    names: Sequence[str],
    models: Models = tuple,
    beside: Beside | None = None,
    mode: int = 0o777,
) -> AbstractContextManager[tuple[int, list[str]]]:
    """The open folder ``names`` below ``root``, and the names on the way to it.

    What is missing is made, each folder like the one of its place in ``models``; those beyond its
    end with ``mode``, as the umask leaves it. One that is there stays as it is. Whoever makes it
    may always work in it, and nobody else write there. In a folder with the set-group-id bit it is
    shared as that one is: same group, its right to read, and the bit. No link is followed: where a
    name is no folder, that of the name which ``beside`` makes of it is taken; without that,
    ``NotADirectoryError`` is raised.
    """
    known: Sequence[os.stat_result] | None = None

    def make(depth: int, above: int, name: str) -> int:
        nonlocal known
        known = models() if known is None else known
        return _made(above, name, known[depth] if depth < len(known) else None, mode)

    return _through(partial(_root, root), names, beside, make)


def way_there(
    root: str | os.PathLike[str], names: Sequence[str], beside: Beside | None = None
) -> AbstractContextManager[tuple[int, list[str]]]:
    """The same where nothing is made: raises ``FileNotFoundError``."""

    def refuse(_depth: int, _above: int, name: str) -> int:
        raise FileNotFoundError(name)

    return _through(partial(os.open, root, FOLDER & ~os.O_NOFOLLOW), names, beside, refuse)


@contextmanager
def _through(
    root: Callable[[], int],
    names: Sequence[str],
    beside: Beside | None,
    missing: Callable[[int, int, str], int],
) -> Iterator[tuple[int, list[str]]]:
    """Open folder after folder; ``missing`` opens what is not there, by depth, folder and name."""
    handle, taken = root(), list[str]()
    try:
        for depth, wanted in enumerate(names):
            name, below = _opened(handle, wanted, beside)
            if below is None:
                below = missing(depth, handle, name)
            os.close(handle)
            handle = below
            taken.append(name)
        yield handle, taken
    finally:
        os.close(handle)


def models_of(file: str | os.PathLike[str], relative: str) -> Models:
    """What the folders of a file look like that are those in its path from now on."""
    root, below = split(file, relative)
    return lambda: statuses(root, below.split("/")[:-1])


def _root(root: str | os.PathLike[str]) -> int:
    """Open it, and make it where somebody has removed it."""
    try:
        return os.open(root, FOLDER & ~os.O_NOFOLLOW)
    except FileNotFoundError:
        Path(root).mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(root, FOLDER & ~os.O_NOFOLLOW)


def _opened(above: int, name: str, beside: Beside | None) -> tuple[str, int | None]:
    """The folder of that name, or of the next that is none of something else; None: not there."""
    while True:
        try:
            return name, os.open(name, FOLDER, dir_fd=above)
        except FileNotFoundError:
            return name, None
        except NotADirectoryError:
            if not beside:
                raise
            name = beside(name)


def _made(above: int, name: str, model: os.stat_result | None, mode: int) -> int:
    with suppress(FileExistsError):  # somebody else was as quick
        os.mkdir(name, mode, dir_fd=above)
    folder = os.open(name, FOLDER, dir_fd=above)
    if model is not None:
        try:
            with suppress(PermissionError):
                _like(folder, above, model)
        except BaseException:
            os.close(folder)
            raise
    return folder


def _like(folder: int, above: int, model: os.stat_result) -> None:
    if os.fstat(folder).st_mode & stat.S_ISGID:
        bit = stat.S_ISGID
        others = rights(model.st_mode, True) & _OTHERS_RIGHTS
        mode = others | (os.fstat(above).st_mode & _GROUP_RIGHTS)
    else:
        kept = _with_group(folder, model)
        bit = model.st_mode & stat.S_ISGID if kept else 0
        mode = rights(model.st_mode, kept)
    os.fchmod(folder, mode & ~_WRITTEN_BY_OTHERS | stat.S_IRWXU | bit)


def _with_group(handle: int, model: os.stat_result) -> bool:
    """Whether the open file or folder has the group of the model now."""
    if os.fstat(handle).st_gid == model.st_gid:
        return True
    with suppress(PermissionError):
        os.fchown(handle, -1, model.st_gid)
    return os.fstat(handle).st_gid == model.st_gid


def rights(mode: int, same_group: bool) -> int:
    """The bits to set; in another group, its members get no more than everybody."""
    if same_group:
        return mode & _RIGHTS
    return (mode & _RIGHTS & ~_GROUP_RIGHTS) | ((mode & _OTHERS_RIGHTS) << 3)
