"""Where a log may lie: it is renamed there, and what root logs has names in it that others choose.

Where others may rename things, or put a link, they could lead it into any file of root's. So each
folder on the way is looked at when it has been opened, and the log is opened in the last of them.
"""

from __future__ import annotations

import errno
import re
from contextlib import AbstractContextManager
from pathlib import Path

from tasks.data_folder import planted
from tasks.real_path import real_path
from worker import rooted
from worker.beneath import NotAFile
from worker.others import who_takes_away, who_writes

_STREAMS = {"/dev/stdout": 1, "/dev/stderr": 2}
_NUMBERED = re.compile("(?:/dev|/proc/self)/fd/([0-9]{1,9})")


def stream(path: Path) -> int | None:
    """The number of an open file that the process was started with; None for a file of a disk.

    By its name alone, whatever lies there: a link that leads to such a name is no stream.
    """
    match = _NUMBERED.fullmatch(str(path))
    return int(match[1]) if match else _STREAMS.get(str(path))


def opened(path: Path, data: Path) -> AbstractContextManager[tuple[int, str]]:
    """The open folder of a log, made where it alone is missing, and the log's name in there.

    In the data folder, but for its inbox, who may write is trusted, and so is who may above it.
    Raises :class:`NotAFile` where others could put something in the place of the log, or move it,
    or a link of another user leads there; ``OSError`` where it cannot be opened.
    """
    home = real_path(data)
    if path.is_relative_to(data):
        path = home / path.relative_to(data)
    return rooted.parent(path, _look(None if planted(data, missing=True) else home), make=True)


def _look(home: Path | None) -> rooted.Look:
    def look(folder: int, place: Path, is_passed: bool) -> None:
        if home and _is_trusted(place, home, is_passed):
            return
        if said := (who_takes_away if is_passed else who_writes)(folder):
            raise NotAFile(errno.EPERM, f"{place.parent} {said}")

    return look


def _is_trusted(place: Path, home: Path, is_passed: bool) -> bool:
    inside = place.is_relative_to(home) and not place.is_relative_to(home / "inbox")
    return inside or (is_passed and home.is_relative_to(place))
