"""Folders whose paths a person gave us, on which others may own a part.

Who owns a folder on the way can put a link in the place of what is below it, and have files read
that he may not read himself. So a link is followed where root or we have put it, and no other.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tasks.real_path import MOST_LINKS
from worker.beneath import FOLDER, PASS, NotAFile

_O_PATH = getattr(os, "O_PATH", 0)

#: Asked of each open folder on the way, with the path of what is looked for in it, and whether that
#: is a folder to be passed (else it is a link, or the end). It raises what it will not have.
Look = Callable[[int, Path, bool], None]


def _at_nothing(_folder: int, _place: Path, _is_passed: bool) -> None:
    """Whose the folders are is nobody's business."""


@contextmanager
def opened(path: str | os.PathLike[str], flags: int = FOLDER) -> Iterator[int]:
    """The open folder at a path. Raises :class:`NotAFile` where another user's link leads there."""
    with parent(path) as (above, name):
        folder = os.open(name, flags, dir_fd=above)
    try:
        yield folder
    finally:
        os.close(folder)


@contextmanager
def parent(
    path: str | os.PathLike[str], look: Look = _at_nothing, *, make: bool = False
) -> Iterator[tuple[int, str]]:
    """The open folder of what a path means, be it there or not, and its name in it: no link.

    Each name is opened in the folder above it. ``make``: that folder, where it alone is missing.
    Raises as :func:`opened`, and what ``look`` raises.
    """
    names, links, place = list(reversed(Path(path).absolute().parts)), 0, Path("/")
    folder = os.open("/", PASS)
    try:
        while True:
            name = names.pop()
            link = _link(name, folder)
            look(folder, place / name, bool(names and not link))
            if link:
                links += 1
                _refuse(link[0], links)
                names += reversed(Path(link[1]).parts or (".",))
            elif names:
                folder = _entered(name, folder, make=make and len(names) == 1)
                place = Path(os.path.normpath(place / name))
            else:
                break
        yield folder, name
    finally:
        os.close(folder)


def _link(name: str, folder: int) -> tuple[os.stat_result, str] | None:
    """Whose a link is, and what it says; None for anything else, and for nothing."""
    try:
        if not _O_PATH:  # macOS opens no link itself: both by its name
            status = os.stat(name, dir_fd=folder, follow_symlinks=False)
            return (status, os.readlink(name, dir_fd=folder)) if _is_link(status) else None
        handle = os.open(name, _O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    except FileNotFoundError:
        return None
    try:
        status = os.fstat(handle)
        return (status, os.readlink("", dir_fd=handle)) if _is_link(status) else None
    finally:
        os.close(handle)


def _is_link(status: os.stat_result) -> bool:
    return stat.S_ISLNK(status.st_mode)


def _entered(name: str, above: int, *, make: bool) -> int:
    """The open folder of that name; the one above it is closed, unless that raises."""
    if make:
        with suppress(FileExistsError):
            os.mkdir(name, 0o700, dir_fd=above)
    below = os.open(name, PASS, dir_fd=above)
    os.close(above)
    return below


def _refuse(link: os.stat_result, count: int) -> None:
    if count > MOST_LINKS:
        raise NotAFile(errno.ELOOP, "too many links lead there")
    if link.st_uid not in {0, os.geteuid()}:
        whose = f"a link of another user (uid {link.st_uid}) leads there, who may turn it elsewhere"
        raise NotAFile(errno.ELOOP, whose)
