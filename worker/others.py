"""Who besides root and ourselves may put names into a folder, or take them out of it."""

from __future__ import annotations

import grp
import os
import pwd
import stat
from contextlib import suppress
from pathlib import Path

from tasks.real_path import way
from worker.access_lists import GROUP, NAMED_GROUP, OTHERS, USER, Entry, effective, entries

_WRITE = 0o2


def who_writes(folder: Path | int) -> str:
    """Half a sentence about one who may: ``belongs to another user (uid 7)``; empty: nobody.

    By its owner, its mode and its access list. Raises ``OSError`` where nothing can be told.
    """
    status = os.stat(folder)  # noqa: PTH116 -- of an open one, too
    if said := of_another(status):
        return said
    able = (entry for entry in effective(entries(folder)) if entry[1] & _WRITE)
    return next((said for entry in able if (said := _said(entry, status.st_gid))), "")


def of_another(status: os.stat_result) -> str:
    """``belongs to another user (uid 7)``, as half a sentence; empty: it is ours, or root's."""
    uid = status.st_uid
    return "" if uid in _ours() else f"belongs to another user (uid {uid})"


def who_takes_away(folder: Path | int) -> str:
    """The same about who may take away, or rename, what others have put there: not in `/tmp`."""
    status = os.stat(folder)  # noqa: PTH116
    if status.st_mode & stat.S_ISVTX and status.st_uid in _ours():
        return ""
    return who_writes(folder)


def who_exchanges(path: Path, *, missing: bool = False) -> str:
    """``/srv belongs to another user (uid 7)``: who could put something else there; empty: nobody.

    Of a folder above, also where only a link on the way lies, or whose such a link is; or of one
    where somebody could be about to put back what is not there, unless it may be ``missing``. What
    is there is passed over where everybody may put things and only take away his own (see
    :func:`tasks.data_folder.planted`). Raises ``OSError`` where too many links lead there.
    """
    for place in way(path):
        with suppress(OSError):
            if said := who_takes_away(place.parent):
                return f"{place.parent} {said}"
            if said := _whose_link(place.lstat()):
                return f"{place} {said}"
            continue
        if not missing and (said := _who_puts_back(place)):
            return said
    return ""


def _who_puts_back(place: Path) -> str:
    with suppress(OSError):  # that the folder is not there either was said before
        said = who_writes(place.parent)
        return f"{place} is not there, and {place.parent} {said}" if said else ""
    return ""


def _whose_link(status: os.stat_result) -> str:
    if not stat.S_ISLNK(status.st_mode) or status.st_uid in _ours():
        return ""
    return f"is a link of another user (uid {status.st_uid})"


def _said(entry: Entry, own_group: int) -> str:
    tag, _, number = entry
    if tag == OTHERS:
        return "may be written by everybody"
    if tag == USER and number not in _ours():
        return f"may be written by another user (uid {number}), whom its access list names"
    if tag == GROUP and _is_shared(own_group):
        return f"may be written by a group (gid {own_group})"
    if tag == NAMED_GROUP and _is_shared(number):
        return f"may be written by a group (gid {number}), which its access list names"
    return ""


def _is_shared(gid: int) -> bool:
    """Whether others are in the group, or may be: who is in that of a number alone nobody tells."""
    return gid != 0 and not (gid == os.getegid() and members(gid) <= _ours())


def members(gid: int) -> set[int]:
    """The users in a group, as far as the system's lists tell; -1: a name without a number."""
    found = {entry.pw_uid for entry in pwd.getpwall() if entry.pw_gid == gid}
    with suppress(KeyError):
        found |= {_number(name) for name in grp.getgrgid(gid).gr_mem}
    return found


def _number(name: str) -> int:
    try:
        return pwd.getpwnam(name).pw_uid
    except KeyError:
        return -1


def _ours() -> set[int]:
    return {0, os.geteuid()}
