"""Names in the inbox that are left alone, told once they are minutes old. For ``status``."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from worker import beneath
from worker.inbox.inbox import DEEPEST, is_too_long
from worker.inbox.names import ignored, why_ignored

#: Whoever writes under a temporary name takes this long at most, or is worth a look.
OLD_SECONDS = 180.0


def left_alone(inbox: Path, now: float) -> Iterator[tuple[str, str]]:
    """Each name, by its path below the inbox, and why it is left alone; a folder counts as one.

    Those that were changed, renamed or made within the last minutes are not told of yet.
    """
    with suppress(OSError), beneath.folder(inbox) as handle:
        for name, relative, changed in _ignored_below(handle, "", now):
            if now - changed >= OLD_SECONDS and (why := why_ignored(name, _above(relative))):
                yield relative, why


def _ignored_below(handle: int, prefix: str, now: float) -> Iterator[tuple[str, str, float]]:
    """Each name, its path, and when it was changed; no link is followed."""
    with os.scandir(handle) as entries:
        for entry in entries:
            name, relative = entry.name, prefix + entry.name
            if ignored(name, _above(relative)):
                yield name, relative, _changed(handle, name, now)
            elif _may_be_entered(entry, relative):
                # What cannot be looked into the scan of the inbox tells of.
                with suppress(OSError), beneath.folder(handle, [name]) as below:
                    yield from _ignored_below(below, f"{relative}/", now)


def _may_be_entered(entry: os.DirEntry[str], relative: str) -> bool:
    """Whether the scan of the inbox enters it, too."""
    deep = relative.count("/") >= DEEPEST or is_too_long(relative)
    return not deep and entry.is_dir(follow_symlinks=False)


def _above(relative: str) -> str:
    return relative.rpartition("/")[0].rpartition("/")[2]


def _changed(handle: int, name: str, now: float) -> float:
    """When it was last written or renamed; a clock that is ahead makes nothing young for ever."""
    try:
        status = os.stat(name, dir_fd=handle, follow_symlinks=False)
    except OSError:
        return now  # it is gone
    return max((t for t in (status.st_mtime, status.st_ctime) if t <= now), default=0.0)
