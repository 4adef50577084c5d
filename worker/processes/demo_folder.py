"""The demo's own folder: emptied before each run, and no folder that anybody else has made.

It is opened once. Whoever owns the folder above may put another one in its place meanwhile: what
was looked at is what is emptied.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from articles.errors import UsageError
from tasks.data_folder import fault_of_owner
from worker import folder_lock
from worker.atomic import is_temporary
from worker.beneath import FOLDER
from worker.inbox.names import is_litter
from worker.lock import taken
from worker.others import who_writes
from worker.spool.naming import reason_name

MARK = ".depesche-demo"

_ANOTHER = "Name another folder for the demo by --data."
#: What Depesche makes in a data folder.
_PLACES = "inbox|spool|archive|failed|withdrawn|unproven|run|services"
_DATABASES = r"(ledger|withdrawals|by_hand|copies)\.sqlite[\w.-]*"
_FILES = r"site|verified\.json|aliases\.txt-lock|\.lock|(settle|withdrawals|copies)\.lock"
_USED = re.compile(f"{_PLACES}|{_DATABASES}|{_FILES}|{re.escape(MARK)}")

_LOCKED = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


@contextmanager
def demo_folder(
    data: Path, stop: Callable[[Path], object], brought: Collection[str] = ()
) -> Iterator[None]:
    """The folder, empty, marked as the demo's, and nobody else's while inside.

    ``stop`` is called before it is emptied: a killed demo may have left services in it.
    ``brought`` are the names of its articles. Raises ``UsageError`` for whatever the demo did not
    make or bring, before anything is touched.
    """
    with _opened(data) as folder:
        _check(data, folder, brought)
        with _marked(data, folder):
            stop(data)
            _empty(folder)
            yield


@contextmanager
def _opened(data: Path) -> Iterator[int]:
    """It is made where it is not there."""
    if data.is_symlink() or (data.exists() and not data.is_dir()):
        raise UsageError(f"{data} is no folder. Name one for the demo alone by --data.")
    _refuse_planted(data, missing=True)
    data.mkdir(mode=0o711, parents=True, exist_ok=True)
    handle = os.open(data, FOLDER)
    try:
        _refuse_planted(data)
        yield handle
    finally:
        os.close(handle)


def _refuse_planted(data: Path, *, missing: bool = False) -> None:
    if fault := fault_of_owner(data, missing=missing):
        raise UsageError(fault)


def _check(data: Path, folder: int, brought: Collection[str]) -> None:
    """Raise ``UsageError`` unless the demo may empty the open folder: its own, or an empty one.

    Its own is another's from the moment that somebody works in it.
    """
    if whose := who_writes(folder):
        raise UsageError(f"{data} {whose}. {_ANOTHER}")
    if os.listdir(folder) and not _is_marked(folder):
        raise UsageError(
            f"{data} was not made by `depesche demo`, which empties its folder first. Name one "
            "that is not there yet by --data, or delete this one yourself."
        )
    if folder_lock.is_held(data):
        raise UsageError(f"Depesche runs on {data}: `depesche down` stops it. {_ANOTHER}")
    if other := next(_of_others(folder, brought), None):
        raise UsageError(
            f"{data / other} is none of the demo's, which empties its folder. {_ANOTHER}"
        )


def _is_marked(folder: int) -> bool:
    """By root or by us: somebody may have put one there before he could do so no more."""
    try:
        status = os.stat(MARK, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return False
    return stat.S_ISREG(status.st_mode) and status.st_uid in {0, os.geteuid()}


@contextmanager
def _marked(data: Path, folder: int) -> Iterator[None]:
    handle = os.open(MARK, _LOCKED, 0o600, dir_fd=folder)
    try:
        if not taken(handle):
            raise UsageError(f"A demo runs in {data} already. Wait, or name another --data.")
        yield
    finally:
        os.close(handle)


def _of_others(folder: int, brought: Collection[str]) -> Iterator[str]:
    """What somebody has put there since: articles, wherever they are, rules, whatever it is."""
    there = set(os.listdir(folder))
    yield from (n for n in there if not (_USED.fullmatch(n) or is_temporary(n) or is_litter(n)))
    own = {*brought, *map(reason_name, brought)}
    for place in there & {"inbox", "archive", "failed", "spool"}:
        for path, _, names, _ in os.fwalk(place, dir_fd=folder):
            if place == "spool" and path.split("/")[2:3] != ["files"]:
                continue
            strange = (name for name in names if name not in own)
            rest = (name for name in strange if not is_temporary(name) and not is_litter(name))
            yield from (f"{path}/{name}" for name in rest)


def _empty(folder: int) -> None:
    with os.scandir(folder) as entries:
        found = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
    for name, is_folder in found:
        if is_folder:
            shutil.rmtree(name, dir_fd=folder)
        elif name != MARK:
            os.unlink(name, dir_fd=folder)
