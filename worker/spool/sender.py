"""Whose a file was that is our own by now: the copy of it says so, where its disk keeps that.

What one user sent goes on where another file of his ended; what another sends under its name is
another text of that name.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from worker import beneath

#: An attribute of the file, which only its owner, or root, sets: so it counts where that is us.
NAME = "user.depesche.sender"


def note(place: int | str | Path, uid: int) -> None:
    """Write down at a file of ours, open or by its path, whose it was."""
    with suppress(OSError, AttributeError):  # a disk, or a system, that has none: nobody knows then
        os.setxattr(place, NAME, b"%d" % uid)


def of(file: Path, relative: str) -> int | None:
    """The uid of its sender, or ours where nobody knows any other; None where it is gone.

    ``relative`` is the end of its path that others may own.
    """
    gone = suppress(FileNotFoundError, NotADirectoryError)
    with gone, beneath.parent(file, relative) as (folder, name):
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
        if status.st_uid != os.geteuid():
            return status.st_uid
        return _noted(f"/proc/self/fd/{folder}/{name}", status.st_uid)
    return None


def _noted(path: str, otherwise: int) -> int:
    with suppress(OSError, AttributeError, ValueError):
        return int(os.getxattr(path, NAME, follow_symlinks=False))
    return otherwise
