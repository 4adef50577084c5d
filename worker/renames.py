"""Every rename that the pipeline will need, tried at the start with a real small file.

A look at ``st_dev`` is not enough: a bind mount of the same file system has the same one, and
still refuses each rename into it, for ever.
"""

from __future__ import annotations

import errno
import os
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

from articles.errors import UsageError
from worker.folders import Folders

TRIAL = ".depesche-trial-"
_OLD_SECONDS = 60.0
_MOUNTS = Path("/proc/self/mountinfo")
_ESCAPED = re.compile(r"\\([0-7]{3})")

_ONE_MOUNT = (
    "The folders inbox, spool, archive and failed below DEPESCHE_DATA must lie on one mount, with "
    "all that is in them."
)

Way = tuple[Path, Path]


def ways(folders: Folders) -> list[Way]:
    """From where to where files move: claimed, given back, done, failed, tried again."""
    inbox, spool, archive, failed = folders.inbox, folders.spool, folders.archive, folders.failed
    return [(inbox, spool), (spool, inbox), (spool, archive), (spool, failed), (failed, spool)]


def try_renames(folders: Folders) -> list[str]:
    """Move a file along every way. What a right or a full disk refuses, as sentences: it may pass.

    Raises ``UsageError`` where a mount lies between two folders, or inside one: that never passes.
    """
    mountinfo = _mountinfo()
    for folder in (folders.inbox, folders.spool, folders.archive, folders.failed):
        _sweep(folder)
        if inside := mounts_below(folder, mountinfo):
            raise UsageError(
                f"{inside[0]} is a mount of its own: no file moves out of it or into it by an "
                f"atomic rename. {_ONE_MOUNT}"
            )
    sentences = [_tried(*way) for way in ways(folders)]
    return list(dict.fromkeys(filter(None, sentences)))


def _tried(source: Path, target: Path) -> str:
    name = f"{TRIAL}{os.getpid()}-{os.urandom(4).hex()}.tmp"
    before, after = source / name, target / name
    try:
        before.write_bytes(b"trial")
        before.rename(after)
    except OSError as error:
        if error.errno == errno.EXDEV:
            raise UsageError(
                f"No file can move from {source} to {target}: one of them is a mount of its own. "
                f"{_ONE_MOUNT}"
            ) from error
        where = target if before.exists() else source
        return f"no file can be put into {where}: {error.strerror}"
    finally:
        for left in (before, after):
            with suppress(OSError):
                left.unlink(missing_ok=True)
    return ""


def _sweep(folder: Path) -> None:
    """Remove what a killed trial has left."""
    with suppress(OSError):
        for name in os.listdir(folder):
            if name.startswith(TRIAL) and _age(folder / name) > _OLD_SECONDS:
                (folder / name).unlink()


def _age(path: Path) -> float:
    return time.time() - path.lstat().st_mtime


def _mountinfo() -> list[str]:
    try:
        return _MOUNTS.read_text(errors="surrogateescape").splitlines()
    except OSError:
        return []  # not Linux


def mounts_below(folder: Path, mountinfo: Iterable[str]) -> list[Path]:
    """The mount points strictly below a folder, from the lines of ``/proc/self/mountinfo``.

    The fifth field is the mount point, with blanks and the like as octal numbers (proc(5)).
    Without those that another user has made, as FUSE lets him in a folder of his: nobody puts files
    into it but he, and he shall not keep us from starting.
    """
    real = folder.resolve()
    return sorted(point for point in _points(mountinfo) if real in point.parents)


def _points(mountinfo: Iterable[str]) -> Iterator[Path]:
    for line in mountinfo:
        fields = line.split(" ")
        if len(fields) > 4 and not _is_a_strangers(fields[-1]):  # noqa: PLR2004 -- the fifth
            yield Path(_ESCAPED.sub(lambda match: chr(int(match[1], 8)), fields[4]))


def _is_a_strangers(options: str) -> bool:
    """By the last field, in which FUSE names whose program it is."""
    match = re.search(r"(?:^|,)user_id=(\d+)(?:,|$)", options.strip())
    return match is not None and int(match[1]) not in {0, os.geteuid()}
