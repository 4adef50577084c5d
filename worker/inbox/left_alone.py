"""Names in the inbox that are left alone, told once they are minutes old. For ``status``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from worker import beneath
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
    with suppress(OSError), beneath.folder(inbox) as handle:
        for name, relative, changed in _ignored_below(handle, "", now):
            if len(names) == MOST:
                break
            if now - changed >= OLD_SECONDS and (why := why_ignored(name, _above(relative))):
                names[relative] = why
    return names


def _ignored_below(handle: int, prefix: str, now: float) -> Iterator[tuple[str, str, float]]:
    """Each name, its path, and when it was changed; no link is followed."""
    with os.scandir(handle) as entries:
        names = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries)
    for name, is_folder in names:
        if ignored(name, _above(prefix + name)):
            yield name, prefix + name, _changed(handle, name, now)
        elif is_folder and prefix.count("/") < DEEPEST:
            # What cannot be looked into the scan of the inbox tells of.
            with suppress(OSError), beneath.folder(handle, [name]) as below:
                yield from _ignored_below(below, f"{prefix}{name}/", now)


def _above(relative: str) -> str:
    return relative.rpartition("/")[0].rpartition("/")[2]


def _changed(handle: int, name: str, now: float) -> float:
    """When it was last written or renamed; a clock that is ahead makes nothing young for ever."""
    try:
        status = os.stat(name, dir_fd=handle, follow_symlinks=False)
    except OSError:
        return now  # it is gone
    return max((t for t in (status.st_mtime, status.st_ctime) if t <= now), default=0.0)
