"""Who could put another folder in the place of the data folder: he is trusted, and told of once."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

from tasks.real_path import real_path
from worker.services.user import Account, alone


def say_of(data: Path, say: Callable[[str], None]) -> None:
    """Say it, if there is such a one."""
    if sentence := said_of(data):
        say(sentence)


def said_of(data: Path) -> str:
    """A sentence about a folder above that is another user's, or open to a group; else empty.

    Where everybody may write is another matter: see :func:`tasks.data_folder.planted`. Raises
    ``OSError`` where too many links lead to the data folder.
    """
    asked = data.absolute()
    places = dict.fromkeys((*asked.parents, *real_path(asked).parents))
    whose = next((said for place in places if (said := _whose(place))), "")
    trusted = f"Who may put another folder in the place of {data} is trusted."
    return f"{whose}. {trusted}" if whose else ""


def _whose(place: Path) -> str:
    try:
        status = place.stat()
    except OSError:
        return ""
    if status.st_uid not in {0, os.geteuid()}:
        return f"{place} belongs to another user (uid {status.st_uid})"
    if status.st_mode & stat.S_IWGRP and not status.st_mode & stat.S_ISVTX and _is_shared(status):
        return f"{place} may be written by a group (gid {status.st_gid})"
    return ""


def _is_shared(status: os.stat_result) -> bool:
    """Whether anybody but its owner, and root, is in its group."""
    owner = Account(status.st_uid, status.st_gid)
    return status.st_gid != 0 and alone(owner) != owner
