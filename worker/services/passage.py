"""What lies on the way of a server that runs as another user, and how it is let through.

A data folder below ``/root`` (0700) cannot be reached by anybody but root. The server's own user
gets the right to pass through such a folder, and no other: an entry in its access list (POSIX
ACL), as ``setfacl -m u:NUMBER:x`` makes it. It lets nobody list the folder, and nobody else pass.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from articles.errors import UsageError
from worker.access_lists import (
    ACCESS,
    MASK,
    MASKED,
    NOBODY_NAMED,
    USER,
    Entry,
    effective,
    entries,
    packed,
)
from worker.services.user import Account

_READ, _PASS = 0o4, 0o1


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
            tag == USER and who == account.uid and rights & _PASS
            for tag, rights, who in effective(entries(folder))
        ):
            yield folder


def _let_pass(folder: Path, uid: int) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.setxattr(handle, ACCESS, packed(with_passage(entries(handle), uid)))
    finally:
        os.close(handle)


def with_passage(known: list[Entry], uid: int) -> list[Entry]:
    """The list with the right to pass for ``uid``, and with no other right than there was.

    A mask keeps from whom the list names, and the group, what stands in it (`chmod 700` makes it
    so): where it is widened they must not have it.
    """
    cut = effective(known)
    before = next((e[1] for e in cut if e[0] == USER and e[2] == uid), 0)
    kept = [e for e in cut if not (e[0] == USER and e[2] == uid)]
    named = [*kept, (USER, before | _PASS, uid)]
    mask = 0
    for tag, rights, _ in named:
        mask |= rights if tag in MASKED else 0
    return sorted([*named, (MASK, mask, NOBODY_NAMED)], key=lambda e: (e[0], e[2]))
