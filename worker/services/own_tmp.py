"""Run a program with a ``/tmp`` of its own, where the system allows that.

Java attaches to itself by ``/tmp/.java_pidNUMBER``, wherever ``TMPDIR`` is, and ends where another
user has put something there first. As systemd's ``PrivateTmp``: a mount namespace in which ``/tmp``
is empty, but for the folders that the program needs. Where we are not root, in a user namespace.

It is a program of its own, run by its path in an isolated Python, for what it does can be done to
no process with threads; so it imports the standard library alone.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import sys
from collections.abc import Sequence
from pathlib import Path

_TMP = "/tmp"  # noqa: S108  (it is what is covered)
# linux/sched.h and sys/mount.h.
_NEW_MOUNTS, _NEW_USER = 0x0002_0000, 0x1000_0000
_BIND, _RECURSIVE, _SLAVE, _DETACH = 4096, 16_384, 1 << 19, 2
_NO_SETUID_NO_DEVICES = 2 | 4
_SIZE = b"mode=1777,size=64m"
_FOLDER = os.O_PATH | os.O_DIRECTORY | os.O_CLOEXEC


def command(
    argv: Sequence[str], user: tuple[int, int] | None, needed: Sequence[os.PathLike[str]]
) -> list[str]:
    """What runs ``argv`` so, as that (uid, gid); the folders ``needed`` stay where they are.

    A link may lead to them; from now on none that is put on their way.
    """
    became = ["--user", f"{user[0]}:{user[1]}"] if user else []
    kept = [f"--needed={Path(path).resolve()}" for path in needed]
    return [sys.executable, "-I", "-S", __file__, *became, *kept, "--", *argv]


def cover(needed: Sequence[str]) -> None:
    """Put an empty ``/tmp`` over the one of all, for this process. Raises ``OSError``."""
    user, group = os.geteuid(), os.getegid()
    _call("unshare", _NEW_MOUNTS | (0 if user == 0 else _NEW_USER))
    if user != 0:
        _stay(user, group)
    # What is mounted or taken away later is so here, too; nothing of ours is seen outside.
    _call("mount", None, b"/", None, _RECURSIVE | _SLAVE, None)
    handles = {path: _opened(path) for path in needed}
    _call("mount", b"tmpfs", _TMP.encode(), b"tmpfs", _NO_SETUID_NO_DEVICES, _SIZE)
    try:
        for path, handle in handles.items():
            _keep(path, handle)
    except OSError:
        _call("umount2", _TMP.encode(), _DETACH)
        raise
    finally:
        for handle in handles.values():
            os.close(handle)


def _stay(user: int, group: int) -> None:
    """In a new user namespace: the same numbers as outside, which is all that we may have."""
    for name, line in (
        ("setgroups", "deny"),
        ("uid_map", f"{user} {user} 1"),
        ("gid_map", f"{group} {group} 1"),
    ):
        Path(f"/proc/self/{name}").write_text(line, encoding="ascii")


def _opened(path: str) -> int:
    """The folder at a path without links: it may be shown to who could not pass to it."""
    handle = os.open("/", _FOLDER)
    for name in Path(path).parts[1:]:
        above = handle
        try:
            handle = os.open(name, _FOLDER | os.O_NOFOLLOW, dir_fd=above)
        finally:
            os.close(above)
    return handle


def _keep(path: str, handle: int) -> None:
    """Show the folder where it was; what does not lie below ``/tmp`` is there still."""
    try:
        if Path(path).samefile(f"/proc/self/fd/{handle}"):
            return
    except FileNotFoundError:
        before = os.umask(0o022)  # ours may be such that the user could not pass
        Path(path).mkdir(0o755, parents=True)
        os.umask(before)
    source = f"/proc/self/fd/{handle}".encode()
    _call("mount", source, os.fsencode(path), None, _BIND | _RECURSIVE, None)


def _call(name: str, *arguments: object) -> None:
    """Call the C library, whose ``unshare`` Python has from 3.12 on, and ``mount`` not at all."""
    library = ctypes.CDLL(None, use_errno=True)
    if getattr(library, name)(*arguments) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), name)


def main(arguments: Sequence[str]) -> None:
    """Cover ``/tmp``, become the user, and become the program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--user", help="UID:GID to become")
    parser.add_argument("--needed", action="append", default=[])
    parser.add_argument("argv", nargs="+")
    given = parser.parse_args(arguments)
    where = Path.cwd()
    try:
        cover(given.needed)
    except OSError as error:
        print(f"{_TMP} is shared with all: {error}", file=sys.stderr, flush=True)  # noqa: T201
    os.chdir(where)
    if given.user:
        uid, gid = map(int, given.user.split(":"))
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    os.execvp(given.argv[0], given.argv)  # noqa: S606


if __name__ == "__main__":
    main(sys.argv[1:])
