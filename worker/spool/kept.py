"""What files and folders keep on their way: the rights, the group, and of files the time.

A file that is moved keeps all by itself. One that is copied gets it, and so do the folders that are
made for either: who could not read an article in the inbox cannot read it in the archive.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

_RIGHTS = 0o777
_GROUP_RIGHTS = 0o070
_OTHERS_RIGHTS = 0o007


def file_like(handle: int, model: os.stat_result) -> None:
    """Give an open file the owner (where we may), group, rights and time of another."""
    kept = _with_group(handle, model)
    with suppress(PermissionError):
        os.fchown(handle, model.st_uid, -1)  # only root may
    with suppress(PermissionError):  # a file system that has no rights
        os.fchmod(handle, rights(model.st_mode, kept))
    os.utime(handle, ns=(model.st_atime_ns, model.st_mtime_ns))


def folder_like(folder: Path, model: Path, depth: int) -> None:
    """Make a folder, and ``depth - 1`` above it, each like that one of ``model``'s; others plainly.

    Whoever makes it may always work in it. In a folder with the set-group-id bit it is shared as
    that one is: same group, same rights of the group, and the bit. One that is there stays as it
    is.
    """
    if folder.is_dir():
        return
    if depth < 1:
        folder.mkdir(parents=True, exist_ok=True)
        return
    folder_like(folder.parent, model.parent, depth - 1)
    folder.mkdir(exist_ok=True)
    with suppress(FileNotFoundError, PermissionError):
        _like(folder, model.lstat())


def _like(folder: Path, model: os.stat_result) -> None:
    if not stat.S_ISDIR(model.st_mode):
        return  # a link has taken its place
    made = folder.stat()
    if made.st_mode & stat.S_ISGID:
        shared = stat.S_ISGID | (folder.parent.stat().st_mode & _GROUP_RIGHTS)
        folder.chmod(rights(model.st_mode, True) | stat.S_IRWXU | shared)
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    try:
        kept = _with_group(handle, model)
        bit = model.st_mode & stat.S_ISGID if kept else 0
        os.fchmod(handle, rights(model.st_mode, kept) | stat.S_IRWXU | bit)
    finally:
        os.close(handle)


def _with_group(handle: int, model: os.stat_result) -> bool:
    """Whether the open file or folder has the group of the model now."""
    with suppress(PermissionError):
        os.fchown(handle, -1, model.st_gid)
    return os.fstat(handle).st_gid == model.st_gid


def rights(mode: int, same_group: bool) -> int:
    """The bits to set; in another group, its members get no more than everybody."""
    if same_group:
        return mode & _RIGHTS
    return (mode & _RIGHTS & ~_GROUP_RIGHTS) | ((mode & _OTHERS_RIGHTS) << 3)
