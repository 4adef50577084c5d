"""Names in the inbox that are left alone, told once they are minutes old. For ``status``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from worker.inbox.inbox import DEEPEST
from worker.inbox.names import ignored, why_ignored

#: Whoever writes under a temporary name takes this long at most, or is worth a look.
OLD_SECONDS = 180.0
#: Names that are told of; thousands would tell no more.
MOST = 1000


def left_alone(inbox: Path, now: float) -> dict[str, str]:
    """Why each name is left alone, by its path below the inbox; a folder counts as one.

    Those that were changed, renamed or made within the last minutes are not told of yet.
    """
    names: dict[str, str] = {}
    for path, relative in _ignored_below(inbox, ""):
        if len(names) == MOST:
            break
        if now - _changed(path, now) >= OLD_SECONDS:
            names[relative] = why_ignored(path.name)
    return names


def _ignored_below(folder: Path, prefix: str) -> Iterator[tuple[Path, str]]:
    try:
        with os.scandir(folder) as entries:
            names = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
    except OSError:
        return  # the scan of the inbox tells of it
    for name, is_folder in names:
        if ignored(name):
            yield folder / name, prefix + name
        elif is_folder and prefix.count("/") < DEEPEST:
            yield from _ignored_below(folder / name, f"{prefix}{name}/")


def _changed(path: Path, now: float) -> float:
    """When it was last written or renamed; a clock that is ahead makes nothing young for ever."""
    try:
        status = path.lstat()
    except OSError:
        return now  # it is gone
    return max((t for t in (status.st_mtime, status.st_ctime) if t <= now), default=0.0)
