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
#: Names that are passed on the way: each link may have 2,000, and those in use have few.
MOST_NAMES = 4_000


def real_path(path: str | os.PathLike[str]) -> Path:
    """The path without links and ``..``, whether anything lies there or not.

    Raises ``OSError`` (``ELOOP``) where more links lead there than the kernel follows, or such as
    pass thousands of folders.
    """
    return Path(_walked(path)[-1])


def way(path: str | os.PathLike[str]) -> list[Path]:
    """What is passed on the way there: folders and links, each by its own name in a real folder.

    Raises as ``real_path``, which is among them.
    """
    return [Path(place) for place in dict.fromkeys(_walked(path))]


def _walked(path: str | os.PathLike[str]) -> list[str]:
    left, real, links, passed = _names(os.fspath(Path(path).absolute())), "/", 0, ["/"]
    while left:
        here, target = _step(real, left.pop())
        passed.append(here)
        if target:
            links += 1
            left += _names(target)
            here = "/" if target.startswith("/") else real
        real = here
        if links > MOST_LINKS:
            raise OSError(errno.ELOOP, f"more than {MOST_LINKS} links lead there")
        if len(passed) > MOST_NAMES:
            raise OSError(errno.ELOOP, "links through thousands of folders lead there")
    return [*passed, real]


def _names(path: str) -> list[str]:
    """The last first."""
    return [name for name in reversed(path.split("/")) if name not in {"", "."}]


def _step(folder: str, name: str) -> tuple[str, str]:
    """Where a name lies in a real folder, and what it says, if it is a link."""
    if name == "..":
        return os.path.dirname(folder), ""  # noqa: PTH120 -- a ``Path`` for each name takes long
    here = f"{folder.rstrip('/')}/{name}"
    try:
        return here, os.readlink(here)  # noqa: PTH115
    except OSError:  # no link, or nothing at all
        return here, ""
