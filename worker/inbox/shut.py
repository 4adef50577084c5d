"""Files of other users that we may not take: they stay where their owner can open them to us."""

from __future__ import annotations

import os

from worker import beneath

UNREADABLE = "its owner lets nobody else read it (chmod, or a default access list on the inbox)"
UNMOVABLE = (
    "its folder lets nobody else take files out (chmod, or a default access list on the inbox)"
)


def shut(folder: int, name: str, owner: int) -> str:
    """Why the file of that owner in the open folder cannot be taken; empty where it can."""
    if owner == os.geteuid() or os.geteuid() == 0:
        return ""
    if not os.access(name, os.R_OK, dir_fd=folder) and _refused(folder, name):
        return UNREADABLE
    return "" if os.access(".", os.W_OK | os.X_OK, dir_fd=folder) else UNMOVABLE


def _refused(folder: int, name: str) -> bool:
    """What a capability of ours allows, `access` does not know."""
    try:
        os.close(beneath.open_file(name, folder))
    except PermissionError:
        return True
    except OSError:
        return False
    return False
