"""Whether a folder is a data folder of Depesche: a command that only looks makes none."""

from __future__ import annotations

import os
import stat
from pathlib import Path

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


def fault_of_owner(data: Path) -> str:
    """What is wrong where somebody may have planted the folder for us; empty where nothing is.

    Where everybody may put folders (`/tmp`), only ours and root's are ours to work in, as the
    kernel has it for files (fs.protected_regular): whose it is could exchange what lies in it.
    """
    try:
        own, above = data.lstat(), data.parent.stat()
    except OSError:
        return ""
    if not above.st_mode & stat.S_IWOTH or own.st_uid in {os.geteuid(), 0, above.st_uid}:
        return ""
    return (
        f"{data} belongs to another user (uid {own.st_uid}), and everybody may put folders into "
        f"{data.parent}: it may have been planted there. Set DEPESCHE_DATA to a folder of yours."
    )
