"""Access lists (POSIX ACL) that files and folders inherit from the folder that they are made in.

Where there is one, the bits of the group in a mode are its mask: what all whom it names may do at
most. So `chmod 0640` lets each of them read. What is to be as its mode says has none.
"""

from __future__ import annotations

import os
from contextlib import suppress

ACCESS, DEFAULT = "system.posix_acl_access", "system.posix_acl_default"


def remove(handle: int) -> None:
    """Take them from an open file or folder; the mode stays, and its group's bits are the group's.

    Raises ``OSError`` where it is not ours.
    """
    names: list[str] = []
    with suppress(OSError, AttributeError):  # a disk, or a system, that has none
        names = os.listxattr(handle)
    for name in {ACCESS, DEFAULT}.intersection(names):
        os.removexattr(handle, name)
