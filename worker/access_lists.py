"""Access lists (POSIX ACL) of files and folders: their own, and what is made in a folder inherits.

Where there is one, the bits of the group in a mode are its mask: what all whom it names may do at
most. So `chmod 0640` lets each of them read. What is to be as its mode says has none.
"""

from __future__ import annotations

import errno
import os
import struct
from contextlib import suppress
from functools import reduce
from operator import and_
from pathlib import Path
from typing import Any, cast

ACCESS, DEFAULT = "system.posix_acl_access", "system.posix_acl_default"

# Linux, posix_acl_xattr.h: whom an entry is for, in the order that the kernel wants.
OWNER, USER, GROUP, NAMED_GROUP, MASK, OTHERS = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
MASKED = frozenset({USER, GROUP, NAMED_GROUP})
_NAMED = frozenset({USER, NAMED_GROUP})
NOBODY_NAMED = 0xFFFFFFFF
_VERSION, _HEAD, _ENTRY = 2, struct.Struct("<I"), struct.Struct("<HHI")

#: Whom it is for, what he may (4 read, 2 write, 1 pass), and his number.
Entry = tuple[int, int, int]


def remove(handle: int, *names: str) -> None:
    """Take them from an open file or folder; the mode stays, and its group's bits are the group's.

    ``names``: both, where none is named. Raises ``OSError`` where it is not ours.
    """
    there: list[str] = []
    with suppress(OSError, AttributeError):  # a disk, or a system, that has none
        there = os.listxattr(handle)
    for name in set(names or (ACCESS, DEFAULT)).intersection(there):
        os.removexattr(handle, name)


def entries(folder: Path | int) -> list[Entry]:
    """The access list, or the mode written as one."""
    path = f"/proc/self/fd/{folder}" if isinstance(folder, int) else folder
    try:  # by a path: one that may only be passed (O_PATH) says nothing by its number
        text = os.getxattr(path, ACCESS)
    except (OSError, AttributeError) as error:
        if isinstance(error, OSError) and error.errno not in {errno.ENODATA, errno.ENOTSUP}:
            raise
        mode = os.stat(folder).st_mode  # noqa: PTH116 -- of an open one, too
        return [
            (tag, mode >> shift & 0o7, NOBODY_NAMED)
            for tag, shift in ((OWNER, 6), (GROUP, 3), (OTHERS, 0))
        ]
    return list(_ENTRY.iter_unpack(text[_HEAD.size :]))


def as_listed(status: os.stat_result, place: Path | int) -> os.stat_result:
    """What a file looks like that has this status, with what its list denies its group and others.

    They read and pass as they may by the list, and as all may whom it names: so nobody has more
    where there is none. Who may write stays: a mask says that somebody does. Where the place is
    gone, or the system does not show it, all stays. Raises ``OSError``.
    """
    try:
        listed = effective(entries(place))
    except FileNotFoundError:
        return status
    named = reduce(and_, (rights for tag, rights, _ in listed if tag in _NAMED), 0o7)
    group = named & next((rights for tag, rights, _ in listed if tag == GROUP), 0)
    mode = status.st_mode & ~(0o055 & ~(group << 3 | named))
    _, (fields, more) = cast("tuple[Any, tuple[Any, Any]]", status.__reduce__())
    return os.stat_result((mode, *fields[1:]), more)


def lets_list(folder: Path | int) -> bool:
    """Whether somebody whom the list names may read what is in the folder."""
    return any(tag in _NAMED and rights & 0o4 for tag, rights, _ in effective(entries(folder)))


def effective(entries: list[Entry]) -> list[Entry]:
    """What each may do, without a mask."""
    mask = next((rights for tag, rights, _ in entries if tag == MASK), 0o7)
    rest = (entry for entry in entries if entry[0] != MASK)
    return [(tag, rights & mask if tag in MASKED else rights, who) for tag, rights, who in rest]


def packed(entries: list[Entry]) -> bytes:
    """As the kernel takes it."""
    return _HEAD.pack(_VERSION) + b"".join(_ENTRY.pack(*entry) for entry in entries)
