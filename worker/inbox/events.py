"""File-system events, as a hint that a look is worth while."""

from __future__ import annotations

import os
import stat
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import structlog
import watchfiles

from worker import beneath
from worker.inbox.inbox import DEEPEST
from worker.inbox.names import ignored

log = structlog.get_logger()

START_AGAIN_SECONDS = 1.0
#: The same where folders came or went: whoever makes them without end is not followed at once.
AGAIN_SECONDS = 0.05
#: Folders that are watched; in others the rescan finds what comes, a second later.
MOST = 4_096
#: It looks for events this often, and gives them out when none has come for as long: twice this
#: is less than the quiet time of a file, and each look wakes the process.
STEP_MILLISECONDS = 50


def listen(inbox: Path, wake: threading.Event, stop: threading.Event) -> None:
    """Set ``wake`` whenever something happens below the inbox, until ``stop`` is set.

    Starts again where the inbox was replaced, or the system gives no events for a while.
    """
    while not stop.is_set():
        again = False
        try:
            again = listen_once(inbox, wake, stop)
        except (OSError, RuntimeError) as error:
            log.warning("watch.events_away", error=str(error), still="the rescan goes on")
        wake.set()  # what came since the last look at the folders, or has a name that is no text
        stop.wait(AGAIN_SECONDS if again else START_AGAIN_SECONDS)


def listen_once(inbox: Path, wake: threading.Event, stop: threading.Event) -> bool:
    """Set ``wake`` until folders came or went: true, or the inbox itself: false.

    Each folder is watched by itself: told to look below them, the library follows links, and
    whoever drops one to the root would have the whole machine watched.
    """
    folders = set(folders_of(inbox))
    for changes in watchfiles.watch(
        *folders,
        watch_filter=None,
        debounce=100,
        step=STEP_MILLISECONDS,
        stop_event=stop,
        rust_timeout=5000,
        yield_on_timeout=True,
        raise_interrupt=False,
        recursive=False,
        ignore_permission_denied=True,
    ):
        wake.set()
        if not inbox.is_dir():
            return False
        if any(path in folders or _is_folder(path) for _, path in changes):
            return True
    return False


def folders_of(inbox: Path) -> Iterator[str]:
    """The inbox and the folders below it, those nearest to it first; no link is followed."""
    yield str(inbox)
    level: list[tuple[str, ...]] = [()]
    number = 1
    while level:
        below: list[tuple[str, ...]] = []
        for names in level:
            for name in _folders_in(inbox, names):
                if number == MOST:
                    return
                number += 1
                below.append((*names, name))
                yield str(inbox.joinpath(*names, name))
        level = below if below and len(below[0]) < DEEPEST else []


def _folders_in(inbox: Path, names: Sequence[str]) -> list[str]:
    """Those that may be watched: a name that is no text the library does not take."""
    try:
        with beneath.folder(inbox, names) as handle, os.scandir(handle) as entries:
            folders = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return []  # gone, or closed to us: the scan tells of it
    return [name for name in folders if not ignored(name) and _is_text(name)]


def _is_text(name: str) -> bool:
    return not any("\ud800" <= char <= "\udfff" for char in name)


def _is_folder(path: str) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False
