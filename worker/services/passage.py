"""What lies on the way of a server that runs as another user, and how it is let through.

A data folder below ``/root`` (0700) cannot be reached by anybody but root. The server's own user
gets the right to pass through such a folder, and no other: an entry in its access list (POSIX
ACL), as ``setfacl -m u:NUMBER:x`` makes it. It lets nobody list the folder, and nobody else pass.
"""

from __future__ import annotations

import errno
import os
import stat
import struct
from collections.abc import Iterator
from pathlib import Path

from articles.errors import UsageError
from worker.access_lists import ACCESS
from worker.services.user import Account

_READ, _PASS = 0o4, 0o1
_VERSION, _HEAD, _ENTRY = 2, struct.Struct("<I"), struct.Struct("<HHI")
# Linux, posix_acl_xattr.h: whom an entry is for, in the order that the kernel wants.
_OWNER, _USER, _GROUP, _NAMED_GROUP, _MASK, _OTHERS = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
_MASKED = {_USER, _GROUP, _NAMED_GROUP}
_NOBODY_NAMED = 0xFFFFFFFF

Entry = tuple[int, int, int]


def check(path: Path, account: Account) -> None:
    """Raise ``UsageError`` where the account cannot reach and read a program; it is not let in."""
    barrier = unreachable(path, account)
    if barrier:
        raise UsageError(
            f"Elasticsearch does not run as root, and the user it would run as (uid {account.uid}) "
            f"cannot enter or read {barrier}. Move what lies in there (XDG_CACHE_HOME for the "
            "fetched Elasticsearch, DEPESCHE_ELASTICSEARCH_HOME or JAVA_HOME for your own), run "
            "Depesche as a normal user, or name one who may by `--as USER`."
        )


def open_way(folder: Path, account: Account) -> list[Path]:
    """Let the account pass through the folders above ``folder`` that bar its way; which those were.

    Raises ``UsageError`` where it cannot be let through.
    """
    barriers = list(_barriers(folder, account))
    for barrier in barriers:
        try:
            _let_pass(barrier, account.uid)
        except (OSError, AttributeError) as error:  # no access lists on this disk or system
            raise UsageError(
                f"Elasticsearch does not run as root, and the user it would run as (uid "
                f"{account.uid}) cannot pass through {barrier} ({error}). Set DEPESCHE_DATA to a "
                "folder that other users can reach, or run Depesche as a normal user."
            ) from error
    return barriers


def unreachable(path: Path, account: Account) -> Path | None:
    """The first folder on the way, or the path itself, that the account cannot enter or read."""
    resolved = path.resolve()
    if barrier := next(_barriers(resolved, account), None):
        return barrier
    wanted = _READ | _PASS if resolved.is_dir() else _READ
    return None if permitted(resolved.stat(), account, wanted) else resolved


def permitted(status: os.stat_result, account: Account, wanted: int) -> bool:
    """Whether the permission bits grant ``wanted`` (4 read, 1 pass) to a user with one group."""
    mode = stat.S_IMODE(status.st_mode)
    if status.st_uid == account.uid:
        granted = mode >> 6
    elif status.st_gid == account.gid:
        granted = mode >> 3
    else:
        granted = mode
    return granted & wanted == wanted


def _barriers(path: Path, account: Account) -> Iterator[Path]:
    for folder in reversed(path.resolve().parents):
        if permitted(folder.stat(), account, _PASS):
            continue
        if not any(
            tag == _USER and who == account.uid and rights & _PASS
            for tag, rights, who in _effective(_entries(folder))
        ):
            yield folder


def _let_pass(folder: Path, uid: int) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.setxattr(handle, ACCESS, packed(with_passage(_entries(handle), uid)))
    finally:
        os.close(handle)


def _entries(folder: Path | int) -> list[Entry]:
    """The access list, or the mode written as one."""
    try:
        text = os.getxattr(folder, ACCESS)
    except (OSError, AttributeError) as error:
        if isinstance(error, OSError) and error.errno not in {errno.ENODATA, errno.ENOTSUP}:
            raise
        mode = (os.fstat(folder) if isinstance(folder, int) else folder.stat()).st_mode
        return [
            (tag, mode >> shift & 0o7, _NOBODY_NAMED)
            for tag, shift in ((_OWNER, 6), (_GROUP, 3), (_OTHERS, 0))
        ]
    return list(_ENTRY.iter_unpack(text[_HEAD.size :]))


def with_passage(entries: list[Entry], uid: int) -> list[Entry]:
    """The list with the right to pass for ``uid``, and with no other right than there was.

    A mask keeps from whom the list names, and the group, what stands in it (`chmod 700` makes it
    so): where it is widened they must not have it.
    """
    cut = _effective(entries)
    before = next((e[1] for e in cut if e[0] == _USER and e[2] == uid), 0)
    kept = [e for e in cut if not (e[0] == _USER and e[2] == uid)]
    named = [*kept, (_USER, before | _PASS, uid)]
    mask = 0
    for tag, rights, _ in named:
        mask |= rights if tag in _MASKED else 0
    return sorted([*named, (_MASK, mask, _NOBODY_NAMED)], key=lambda e: (e[0], e[2]))


def _effective(entries: list[Entry]) -> list[Entry]:
    """What each may do, without a mask."""
    mask = next((rights for tag, rights, _ in entries if tag == _MASK), 0o7)
    rest = (entry for entry in entries if entry[0] != _MASK)
    return [(tag, rights & mask if tag in _MASKED else rights, who) for tag, rights, who in rest]


def packed(entries: list[Entry]) -> bytes:
    """As the kernel takes it."""
    return _HEAD.pack(_VERSION) + b"".join(_ENTRY.pack(*entry) for entry in entries)
