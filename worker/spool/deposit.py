"""Put files into the spool: by rename from the inbox, by copy from anywhere else."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

from worker.atomic import move
from worker.spool.kept import file_like, folder_like
from worker.spool.spool import Batch

T = TypeVar("T")


def claim(batch: Batch, file: Path, relative: str) -> None:
    """Take a file out of the inbox by one atomic rename. Raises ``OSError`` if it cannot be had.

    The inbox is other people's: since the look a link may have taken the place of the file or of
    a folder on its way. No link is followed, and what is no regular file is put back.
    """
    target = batch.root / relative
    folder = _open_folder(str(file), relative)
    try:
        _rename(file, relative, folder, target)
        if not stat.S_ISREG(target.lstat().st_mode):
            os.rename(target, file.name, dst_dir_fd=folder)
            raise OSError(errno.EINVAL, "it is no regular file")
    finally:
        os.close(folder)


def _rename(file: Path, relative: str, folder: int, target: Path) -> None:
    try:
        move(file.name, target, folder=folder)
    except FileNotFoundError:  # the first file of its folder in the batch, or there is none
        folder_like(target.parent, file.parent, _depth(file, relative))
        move(file.name, target, folder=folder)


def _depth(file: Path, relative: str) -> int:
    """How many of the folders above a file are those in its path from now on."""
    return relative.count("/") if str(file).endswith(f"/{relative}") else 0


def _open_folder(file: str, relative: str) -> int:
    """The folder of a file, opened name by name below the inbox without following a link."""
    below = relative if file.endswith(f"/{relative}") else file.rpartition("/")[2]
    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
    folder = os.open(file[: -len(below)], flags)
    for name in below.split("/")[:-1]:
        above = folder
        try:
            folder = os.open(name, flags | os.O_NOFOLLOW, dir_fd=above)
        finally:
            os.close(above)
    return folder


def link(batch: Batch, file: Path, relative: str) -> None:
    """Put an archived file in to be read again, as a second link; a copy where none can be made.

    So who still writes into it writes into the one that stays.
    """
    target = batch.root / relative
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(file, target, follow_symlinks=False)
    except FileNotFoundError:
        raise
    except OSError:
        copy(batch, file, relative)


def reread(batch: Batch, archive: Path, replaced: Mapping[str, Sequence[str]]) -> None:
    """Put archived files in to be read again; one that is gone meanwhile is left out.

    ``replaced`` has for each, by its path below ``archive``, the ids of the documents that it is to
    replace; what is said of that is there before the files are.
    """
    batch.replace({relative: ids for relative, ids in replaced.items() if ids})
    for relative in replaced:
        with suppress(FileNotFoundError):
            link(batch, archive / relative, relative)


def copy(batch: Batch, file: Path, relative: str) -> None:
    """Copy a file in, with its rights, group and time; the original stays where it is."""
    handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as source:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "it is no regular file")
        folder_like((batch.root / relative).parent, file.parent, _depth(file, relative))
        put(batch, source, relative, like=status)


def put(batch: Batch, source: BinaryIO, relative: str, like: os.stat_result | None = None) -> None:
    """Write a stream of bytes in, all of it on disk before it is there under its name.

    It gets the rights, group and time of ``like``, and until then is for nobody else to read.
    """
    final = batch.root / relative
    final.parent.mkdir(parents=True, exist_ok=True)
    temporary = batch.folder / f"put-{os.urandom(4).hex()}"
    mode = 0o666 if like is None else 0o600
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    with os.fdopen(handle, "wb") as target:
        shutil.copyfileobj(source, target, 1024 * 1024)
        target.flush()
        if like is not None:
            file_like(handle, like)
        os.fsync(handle)
    temporary.replace(final)


def grouped(
    files: Iterable[T],
    size_of: Callable[[T], int],
    name_of: Callable[[T], str],
    count: int,
    size: int,
) -> Iterator[list[T]]:
    """Cut a stream of files into groups of at most ``count`` files and about ``size`` bytes.

    No group has two files that want the same place below it.
    """
    group: list[T] = []
    total = 0
    taken: set[str] = set()
    folders: set[str] = set()
    for file in files:
        length, name = size_of(file), name_of(file)
        above = set(_folders(name))
        clashes = name in taken or name in folders or not above.isdisjoint(taken)
        if group and (len(group) >= count or total + length > size or clashes):
            yield group
            group, total, taken, folders = [], 0, set(), set()
        group.append(file)
        total += length
        taken.add(name)
        folders |= above
    if group:
        yield group


def _folders(name: str) -> Iterator[str]:
    """Every folder on the way to a file: ``a`` and ``a/b`` of ``a/b/c.txt``."""
    while (end := name.rfind("/")) > 0:
        name = name[:end]
        yield name
