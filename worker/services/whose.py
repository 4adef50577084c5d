"""Whose process it is: anybody can call his own as we call ours, and say that he works here.

Its user is asked, and its program. One that becomes another user when it is started (``sudo``,
which waits for a password) is root's as soon as it runs, with the words and the environment of
whoever started it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Collection, Iterable
from pathlib import Path

import psutil

Believed = Callable[[psutil.Process], bool]

_BECOMES_ANOTHER = stat.S_ISUID | stat.S_ISGID


def believed(users: Collection[int], groups: Collection[int] = ()) -> Believed:
    """Whether a process is of these, and its program is one that stays who it is."""

    def is_believed(process: psutil.Process) -> bool:
        try:
            theirs = process.uids().real in users or process.gids().real in groups
        except psutil.Error:
            return False
        return theirs and not _becomes_another(process.pid)

    return is_believed


def owners(*places: Path) -> set[int]:
    """Ourselves, and whose these places are."""
    return {os.geteuid(), *(status.st_uid for status in statuses(places))}


def statuses(places: Iterable[Path]) -> list[os.stat_result]:
    """Those of the places that are there and may be seen."""
    return [status for place in places if (status := _status(place))]


def _becomes_another(pid: int) -> bool:
    """Only root is told of others' programs, and the system must have ``/proc``."""
    try:
        return bool(Path(f"/proc/{pid}/exe").stat().st_mode & _BECOMES_ANOTHER)
    except OSError:
        return False


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except OSError:
        return None
