"""Elasticsearch refuses to run as root: become somebody who may do nothing else.

The paths it needs may lie behind folders that this user cannot enter (``/root`` is 0700).
Their permissions are not ours to loosen. The process then keeps one capability of root's,
to read and to pass through folders; it still writes only what it owns.
"""

from __future__ import annotations

import os
import pwd
import shutil
import stat
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from articles.errors import UsageError

_OVERFLOW_ID = 65534  # What Linux calls nobody where no such user is listed.
_CAP_DAC_READ_SEARCH = 2
_CAP_SETPCAP = 8
_READ, _PASS = 0o4, 0o1


@dataclass(frozen=True)
class Account:
    """Whom to run as. ``become``: words to put before the command, else a plain drop."""

    uid: int
    gid: int
    become: Sequence[str] = ()


def account(folder: Path, needed: Iterable[Path]) -> Account | None:
    """Whom to run as: the owner of ``folder``, or nobody where that is root or it is not there.

    None: as ourselves, for we are not root. ``needed``: paths that this user must reach.
    Raises ``UsageError`` if no unprivileged user can reach them.
    """
    if os.geteuid() != 0:
        return None
    uid, gid = _owner(folder) or _nobody()
    barrier = next((b for path in needed if (b := unreachable(path, uid, gid))), None)
    if barrier is None:
        return Account(uid, gid)
    setpriv = shutil.which("setpriv")
    if setpriv is None or not _have(_CAP_DAC_READ_SEARCH) or not _have(_CAP_SETPCAP):
        raise UsageError(
            "Elasticsearch does not run as root, and the user it would run as cannot enter "
            f"{barrier}. Run Depesche as a normal user, or move what lies in there: "
            "DEPESCHE_DATA for the data, XDG_CACHE_HOME for the fetched Elasticsearch, "
            "DEPESCHE_ELASTICSEARCH_HOME or JAVA_HOME for your own."
        )
    return Account(uid, gid, passing_through(setpriv, uid, gid))


def passing_through(setpriv: str, uid: int, gid: int) -> list[str]:
    """The words that run a command as ``uid`` with the right to pass through any folder."""
    return [
        setpriv,
        f"--reuid={uid}",
        f"--regid={gid}",
        "--clear-groups",
        "--no-new-privs",
        "--inh-caps=-all,+dac_read_search",
        "--ambient-caps=-all,+dac_read_search",
        # Without this, access(2), by which the JVM asks whether it may write, drops capabilities.
        "--securebits=+no_setuid_fixup",
        "--",
    ]


def unreachable(path: Path, uid: int, gid: int) -> Path | None:
    """The first folder on the way, or the path itself, that this user cannot enter or read.

    A path that is not there yet counts as readable: whoever makes it will own it.
    """
    resolved = path.resolve()
    for folder in reversed(resolved.parents):
        if folder.exists() and not permitted(folder.stat(), uid, gid, _PASS):
            return folder
    wanted = _READ | _PASS if resolved.is_dir() else _READ
    if resolved.exists() and not permitted(resolved.stat(), uid, gid, wanted):
        return resolved
    return None


def permitted(status: os.stat_result, uid: int, gid: int, wanted: int) -> bool:
    """Whether the permission bits grant ``wanted`` (4 read, 1 pass) to a user with one group."""
    mode = stat.S_IMODE(status.st_mode)
    if status.st_uid == uid:
        granted = mode >> 6
    elif status.st_gid == gid:
        granted = mode >> 3
    else:
        granted = mode
    return granted & wanted == wanted


def hand_over(folder: Path, to: Account) -> None:
    """Make ``folder`` and all below it belong to the account; follows no links."""
    for place, folders, files in os.walk(folder):
        for name in (*folders, *files):
            os.chown(Path(place) / name, to.uid, to.gid, follow_symlinks=False)
    os.chown(folder, to.uid, to.gid, follow_symlinks=False)


def _owner(folder: Path) -> tuple[int, int] | None:
    """Who used the folder before us: whoever calls with sudo does not take it from its owner."""
    if not folder.exists():
        return None
    status = folder.stat()
    return (status.st_uid, status.st_gid) if status.st_uid != 0 else None


def _nobody() -> tuple[int, int]:
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        return _OVERFLOW_ID, _OVERFLOW_ID
    return entry.pw_uid, entry.pw_gid


def _have(capability: int) -> bool:
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    effective = next((x for x in status.splitlines() if x.startswith("CapEff:")), "CapEff: 0")
    return bool(int(effective.split()[1], 16) >> capability & 1)
