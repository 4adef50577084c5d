"""Whether a folder is a data folder of Depesche: a command that only looks makes none."""

from __future__ import annotations

import os
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
