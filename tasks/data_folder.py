"""Whether a folder is a data folder of Depesche: a command that only looks makes none."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from tasks.real_path import real_path, way

#: One of these is enough: any of them may have been taken away.
PARTS = ("inbox", "spool", "archive", "failed")


def fault_of_folder(data: Path) -> str:
    """A sentence that says what is wrong and how to choose another; empty where nothing is."""
    # Asked one by one: whoever may only pass through the folder, to its inbox, may not list it.
    if any((data / name).is_dir() for name in PARTS):
        return ""
    try:
        names = set(os.listdir(data))
    except FileNotFoundError:
        names = set()
    except OSError as error:
        return f"{data} cannot be used: {error.strerror}. Set DEPESCHE_DATA."
    there = "has no data of Depesche (no inbox, no archive)" if names else "has no data of Depesche"
    return (
        f"{data} {there}, and nothing is made there. Set DEPESCHE_DATA to the folder that holds "
        "them, or run `depesche up`, which makes a new one."
    )


def fault_of_owner(data: Path, *, missing: bool = False) -> str:
    """What is wrong where somebody may have planted the folder for us; empty where nothing is.

    ``missing``: see :func:`planted`.
    """
    said = planted(data, missing=missing)
    return f"{said} Set DEPESCHE_DATA to a folder of yours." if said else ""


def planted(path: Path, *, missing: bool = False) -> str:
    """A sentence where another user may have put it there for us, or a folder or link above it.

    Where everybody may put folders (`/tmp`), only ours and root's are ours to work in, as the
    kernel has it for files (fs.protected_regular): whose it is could exchange what lies in it. Nor
    is what is not there, for he could be about to put it back, unless it may be ``missing``: then
    it is to be made, and looked at again.
    """
    try:
        places = way(path)
    except OSError as error:  # what links lead to is not known, and may be another thing soon
        return f"{path} cannot be found: {error.strerror}."
    return next((said for place in places if (said := _fault_of_place(place, missing))), "")


def exchanged(path: Path) -> Path | None:
    """The path, or a folder above it, in which everybody may put others in the place of what is.

    That is one without the sticky bit; None where there is none. Raises ``OSError`` where too many
    links lead there.
    """
    real = real_path(path.absolute())
    for place in (real, *real.parents):
        with suppress(OSError):
            if place.stat().st_mode & (stat.S_IWOTH | stat.S_ISVTX) == stat.S_IWOTH:
                return place
    return None


def _fault_of_place(place: Path, missing: bool) -> str:
    try:
        above = place.parent.stat()
        whose = place.lstat().st_uid if above.st_mode & stat.S_IWOTH else 0
    except FileNotFoundError:
        return "" if missing else _fault_of_nothing(place)
    except OSError as error:
        return f"{place} cannot be looked at: {error.strerror}."
    if whose in {os.geteuid(), 0, above.st_uid}:
        return ""
    return (
        f"{place} belongs to another user (uid {whose}), and everybody may put things into "
        f"{place.parent}: it may have been planted there."
    )


def _fault_of_nothing(place: Path) -> str:
    with suppress(FileNotFoundError):  # that the folder is not there either was looked at before
        if place.parent.stat().st_mode & stat.S_IWOTH:
            return (
                f"{place} is not there, and everybody may put things into {place.parent}: another "
                "user may be about to plant it there."
            )
    return ""
