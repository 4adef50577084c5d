"""Put files into the spool: by rename from the inbox, by copy from anywhere else."""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, TypeVar

import structlog

from articles.limits import LARGEST_ARTICLE, MEBIBYTE
from extraction.formats.identity import printable_path
from worker import beneath, failpoint, rooted
from worker.access_lists import as_listed
from worker.atomic import NEW, PRIVATE, move
from worker.spool import kept, outsized, own_copy, refused
from worker.spool.spool import CLAIMED, Batch

log = structlog.get_logger()

T = TypeVar("T")


class Changed(OSError):
    """A file that is another one than was looked at, or goes on."""

    def __init__(self) -> None:
        super().__init__(errno.EBUSY, "it is still being written")


#: Rights of the folders that are made for claims, whatever the umask: by these they are known.
_OURS = 0o700


def claim(batch: Batch, file: Path, relative: str) -> None:
    """Take a file out of the inbox by atomic renames. Raises ``OSError`` if it cannot be had.

    The inbox is other people's: since the look a link or a folder may have taken the place of the
    file, or a link that of a folder on its way. No link is followed. What comes is looked at where
    nobody else can change it; only a regular file comes into the batch. Anything else goes
    (``refused.py``) and raises ``NotAFile``.
    """
    *names, last = beneath.parts(relative)
    with (
        beneath.parent(file, relative) as (source, name),
        kept.way(batch.folder, [CLAIMED, *names], mode=_OURS) as (held, _),
    ):
        move(name, last, src=source, dst=held)
        failpoint.reach("deposit.held")
        models = kept.models_of(file, relative)
        try:
            is_file = _admit(batch, held, relative, models)
        except refused.Shut:
            admit_claimed(batch)
            is_file = False
        if not is_file:
            raise beneath.NotAFile(errno.EINVAL, "it is no regular file")


def _admit(batch: Batch, held: int, relative: str, models: kept.Models = tuple) -> bool:
    """Move what was claimed to the files of the batch, if it is a file; else it goes."""
    *names, last = beneath.parts(relative)
    if not stat.S_ISREG(os.stat(last, dir_fd=held, follow_symlinks=False).st_mode):
        refused.put_away(batch.folder, relative, held, last)
        return False
    with kept.way(batch.root, names, models) as (target, _):
        move(last, last, src=held, dst=target)
    return True


def admit_claimed(batch: Batch) -> None:
    """What is left between claim and look, by a death or a fault; for the owner of the batch.

    What stays keeps nothing else of the batch from being worked.
    """
    with suppress(FileNotFoundError), beneath.folder(batch.folder, [CLAIMED]) as handle:
        _admit_all(batch, handle, CLAIMED)


def _admit_all(batch: Batch, held: int, ours: str) -> bool:
    """All in the open folder, which is ours and of that path below the batch; whether all went.

    What is shut goes last, with the folder: no file may lie in that any more.
    """
    shut, went = "", True
    for name in os.listdir(held):
        try:
            went &= _admit_entry(batch, held, f"{ours}/{name}")
        except refused.Shut:
            shut = f"{ours}/{name}".removeprefix(f"{CLAIMED}/")
        except OSError as error:  # a full disk
            log.warning("claim.stays", path=printable_path(f"{ours}/{name}"), error=str(error))
            went = False
    if shut and went:
        refused.put_away_around(batch.folder, shut, ours)
    return went


def _admit_entry(batch: Batch, held: int, path: str) -> bool:
    """One entry, by its path below the batch; whether it, and all below it, went.

    The folders that we have made for claims are entered; others' are not.
    """
    name = path.rpartition("/")[2]
    status = os.stat(name, dir_fd=held, follow_symlinks=False)
    if not stat.S_ISDIR(status.st_mode) or status.st_uid != os.geteuid() or status.st_mode & 0o022:
        _admit(batch, held, path.removeprefix(f"{CLAIMED}/"))
        return True
    with beneath.folder(held, [name]) as below:
        went = _admit_all(batch, below, path)
    with suppress(OSError):  # gone with what is shut, or something is left in it
        os.rmdir(name, dir_fd=held)
    return went


def link(batch: Batch, file: Path, relative: str) -> None:
    """Put an archived file in to be read again, as a second link; a copy where none can be made.

    So who still writes into it writes into the one that stays.
    """
    *names, last = beneath.parts(relative)
    with (
        beneath.parent(file, relative) as (source, name),
        kept.way(batch.root, names) as (target, _),
    ):
        os.close(beneath.open_file(name, source))
        try:
            os.link(name, last, src_dir_fd=source, dst_dir_fd=target, follow_symlinks=False)
        except FileNotFoundError:
            raise
        except OSError:
            copy(batch, file, relative)


def reread(
    batch: Batch, archive: Path, replaced: Mapping[str, Sequence[str]]
) -> list[tuple[str, OSError]]:
    """Put archived files in to be read again; what is gone meanwhile, or no file, is left out.

    So is what its owner has shut: it is returned, and why.

    ``replaced`` has for each, by its path below ``archive``, the ids of the documents that it is to
    replace; what is said of that is there before the files are.
    """
    batch.replace({relative: ids for relative, ids in replaced.items() if ids})
    shut = list[tuple[str, OSError]]()
    for relative in replaced:
        try:
            link(batch, archive / relative, relative)
        except (FileNotFoundError, beneath.NotAFile):
            continue
        except (PermissionError, BlockingIOError) as error:
            shut.append((relative, error))
    return shut


def copy(batch: Batch, file: Path, relative: str, most: int = LARGEST_ARTICLE) -> None:
    """Copy a file in, with its rights, group and time; the original stays where it is.

    It is opened once: what is looked at is what is copied. Raises ``NotAFile`` for what is no file,
    a link too, and ``TooLarge``, before anything is copied, for one of more than ``most`` bytes;
    else as :func:`put_open`.
    """
    root, below = beneath.split(file, relative)
    with rooted.opened(root, beneath.PASS) as folder:
        handle = beneath.open_below(folder, below)
    with os.fdopen(handle, "rb") as source:
        status = as_listed(os.fstat(handle), handle)
        if status.st_size > most:
            raise beneath.TooLarge(status.st_size)
        models = kept.models_of(file, relative)
        put_open(batch, source, relative, status, like=status, models=models)


def put_open(
    batch: Batch,
    source: BinaryIO,
    relative: str,
    seen: os.stat_result,
    like: os.stat_result | None = None,
    models: kept.Models = tuple,
) -> None:
    """Copy an open file of somebody's in, as :func:`put`: the one that was ``seen``, and no longer.

    A hole costs him nothing, and is written here: so no byte is read behind where the file ended
    when it was looked at. Raises ``Changed`` where it is another one now or has grown, and
    ``Unreadable`` for what has holes, or no room.
    """
    if _tells(os.fstat(source.fileno())) != _tells(seen):
        raise Changed
    holes = outsized.MOST if seen.st_size > LARGEST_ARTICLE else outsized.MOST_OF_ARTICLE
    outsized.refuse_holes(source.fileno(), holes)
    outsized.refuse_what_fills(seen.st_size, batch.folder)
    try:
        put(batch, source, relative, like=like, models=models, most=seen.st_size)
    except beneath.TooLarge as error:
        raise Changed from error


def _tells(status: os.stat_result) -> tuple[int, int, int, int]:
    """What tells a file from another one, and from what it was before."""
    return status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns


def put(
    batch: Batch,
    source: BinaryIO,
    relative: str,
    like: os.stat_result | None = None,
    models: kept.Models = tuple,
    most: int | None = None,
) -> None:
    """Write a stream of bytes in, all of it on disk before it is there under its name.

    It gets the rights, group and time of ``like``, and until then is for nobody else to read.
    Raises ``TooLarge`` where it has more than ``most`` bytes after all.
    """
    *names, last = beneath.parts(relative)
    temporary = batch.folder / f"put-{os.urandom(4).hex()}"
    handle = os.open(temporary, NEW, 0o666 if like is None else PRIVATE)
    try:
        with os.fdopen(handle, "wb") as target:
            _pour(source, target, most)
            target.flush()
            if like is not None:
                kept.file_like(handle, like)
            os.fsync(handle)
        with kept.way(batch.root, names, models) as (folder, _):
            os.rename(temporary, last, dst_dir_fd=folder)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def put_all(
    batch: Batch,
    contents: Iterable[tuple[str, bytes]],
    like: os.stat_result,
    models: kept.Models,
) -> None:
    """Write many files in, all of them on disk before any is there under its name.

    Each has the rights, group and time of ``like``, and so have, as folders have them, those on
    their way that ``models`` has not.
    """
    written = [(relative, own_copy.write(batch.folder, data, like)) for relative, data in contents]
    own_copy.synchronise([copy for _, copy in written])
    read = like.st_mode & 0o044
    for relative, copy in written:
        *names, last = beneath.parts(relative)
        with kept.way(batch.root, names, models, mode=_OURS | read | read >> 2) as (folder, _):
            os.rename(copy, last, dst_dir_fd=folder)


def _pour(source: BinaryIO, target: BinaryIO, most: int | None) -> None:
    while part := source.read(MEBIBYTE):
        if most is not None and target.tell() + len(part) > most:
            raise beneath.TooLarge(target.tell() + len(part))
        target.write(part)


def grouped(
    files: Iterable[T | None],
    size_of: Callable[[T], int],
    name_of: Callable[[T], str],
    count: int,
    size: int,
) -> Iterator[list[T]]:
    """Cut a stream of files into groups of at most ``count`` files and about ``size`` bytes.

    No group has two files that want the same place below it. None ends one before that.
    """
    group: list[T] = []
    total = 0
    taken: set[str] = set()
    folders: set[str] = set()
    for file in files:
        length, name = (0, "") if file is None else (size_of(file), name_of(file))
        above = set(_folders(name))
        clashes = name in taken or name in folders or not above.isdisjoint(taken)
        full = len(group) >= count or total + length > size
        if group and (file is None or full or clashes):
            yield group
            group, total, taken, folders = [], 0, set(), set()
        if file is None:
            continue
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
