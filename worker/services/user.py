"""Elasticsearch refuses to run as root: become somebody who may do nothing else.

Not ``nobody``, whom many programs run as: whoever broke into one of them could do to
Elasticsearch what Elasticsearch may. A number of its own, with no right of root's.
"""

from __future__ import annotations

import grp
import hashlib
import os
import pwd
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import psutil

from articles.errors import UsageError
from worker.others import members

#: Numbers that neither distributions, nor logins, nor systemd, nor containers give to anybody
#: (systemd's UIDS-GIDS: "unused", since up to 60705 they are greeters');
#: below 65536, so that a container has them, too.
OWN = range(60_706, 61_184)
_NOBODY = 65_534


@dataclass(frozen=True)
class Account:
    """Whom to run as."""

    uid: int
    gid: int

    @property
    def ids(self) -> tuple[int, int]:
        """Both numbers."""
        return self.uid, self.gid


def account(folder: Path, wanted: str) -> Account | None:
    """Whom to run as: the ``wanted`` user, else the owner of ``folder``, else one of its own.

    An own one is the same whenever this folder is started, as long as nobody else has its number.
    None: as ourselves, for we are not root. Raises ``UsageError`` for a user that will not do.
    """
    if os.geteuid() != 0:
        return None
    if wanted:
        return named(wanted)
    if (owner := _owner(folder)) and owner.uid not in {0, *nobodies()}:
        return alone(owner)
    uid = own(str(folder), lambda number: _is_known(number) or number in _at_work())
    return Account(uid, uid)


def named(user: str) -> Account:
    """The account of that name or number. Raises ``UsageError`` where there is none, or root's."""
    try:
        entry = pwd.getpwuid(int(user)) if user.isdecimal() else pwd.getpwnam(user)
    except (KeyError, OverflowError):
        raise UsageError(f"There is no user {user!r} to run Elasticsearch as.") from None
    if entry.pw_uid == 0:
        raise UsageError("Elasticsearch does not run as root: name another user.")
    return alone(Account(entry.pw_uid, entry.pw_gid))


def alone(wanted: Account) -> Account:
    """The same, in a group of its own where others are in the wanted one.

    What the server may read and not write, its key among it, is open to its group.
    """
    if members(wanted.gid) <= {wanted.uid}:
        return wanted
    return Account(wanted.uid, own(f"group of {wanted.uid}", _is_group))


def own(name: str, taken: Callable[[int], bool]) -> int:
    """A number of ``OWN`` for that name that is not taken. Raises ``UsageError`` where all are."""
    first = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8]) % len(OWN)
    numbers = (OWN[(first + step) % len(OWN)] for step in range(len(OWN)))
    free = next((number for number in numbers if not taken(number)), None)
    if free is None:
        raise UsageError("No user number is free to run Elasticsearch as: name a user by --as.")
    return free


def _owner(folder: Path) -> Account | None:
    """Who used the folder before us: whoever calls with sudo does not take it from its owner."""
    try:
        status = folder.lstat()
    except FileNotFoundError:
        return None
    return Account(status.st_uid, status.st_gid)


def nobodies() -> Iterable[int]:
    """The numbers of the user whom many programs run as."""
    yield _NOBODY
    try:
        yield pwd.getpwnam("nobody").pw_uid
    except KeyError:
        return


def _is_group(gid: int) -> bool:
    try:
        grp.getgrgid(gid)
    except KeyError:
        return False
    return True


def _is_known(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _at_work() -> set[int]:
    seen = (p.info["uids"] for p in psutil.process_iter(["uids"]))
    return {uid for uids in seen if uids for uid in (uids.real, uids.effective, uids.saved)}
