"""Where a path leads that others may have laid links on.

``Path.resolve`` follows links without an end, but for loops: some hundred that lead through each
other keep it busy for weeks. The kernel gives up after some, and so does this.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

#: As many as the kernel follows on the way to a file (path_resolution(7)).
MOST_LINKS = 40


def real_path(path: str | os.PathLike[str]) -> Path:
    """The path without links and ``..``, whether anything lies there or not.

    Raises ``OSError`` (``ELOOP``) where more links lead there than the kernel follows.
    """
    left, real, links = _names(os.fspath(Path(path).absolute())), "/", 0
    while left:
        real, target = _step(real, left.pop())
        if target:
            links += 1
            left += _names(target)
        if links > MOST_LINKS:
            raise OSError(errno.ELOOP, f"more than {MOST_LINKS} links lead there")
    return Path(real)


def _names(path: str) -> list[str]:
    """The last first."""
    return [name for name in reversed(path.split("/")) if name not in {"", "."}]


def _step(folder: str, name: str) -> tuple[str, str]:
    """Where a name leads from a real folder; for a link, where it begins and what it says."""
    if name == "..":
        return os.path.dirname(folder), ""  # noqa: PTH120 -- a ``Path`` for each name takes long
    here = f"{folder.rstrip('/')}/{name}"
    try:
        target = os.readlink(here)  # noqa: PTH115
    except OSError:  # no link, or nothing at all
        return here, ""
    return "/" if target.startswith("/") else folder, target
