"""An article into the inbox as a file of its own, on disk before anybody can see it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from articles.errors import ServiceUnavailable
from worker.atomic import write_bytes


def drop(inbox: Path, relative: str, content: bytes) -> Path:
    """Write it durably; the path of the file.

    Under a temporary name that nobody claims, then synchronised, renamed, and its folders
    synchronised: whoever gets an answer may lose power the moment after. It is tried again where
    the watcher has just removed the empty folder. Raises ``ServiceUnavailable`` where the disk
    does not take it.
    """
    target = inbox / relative
    try:
        for last in (False, False, True):
            with suppress(*(() if last else (FileNotFoundError,))):
                _write(inbox, target, content)
                break
    except OSError as error:
        raise ServiceUnavailable(f"{inbox} takes no file now: {error}") from error
    return target


def _write(inbox: Path, target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    write_bytes(target, content)
    try:
        _synchronise(inbox, target.parent)
    except FileNotFoundError:  # the file is claimed already, and its folder went with it
        _synchronise(inbox, inbox)


def _synchronise(inbox: Path, folder: Path) -> None:
    """The names, too: each folder from the file's up to the inbox."""
    while True:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        if folder == inbox:
            return
        folder = folder.parent
