"""An article into the inbox as a file of its own, on disk before anybody can see it."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from articles.errors import ServiceUnavailable
from worker import beneath
from worker.atomic import write_bytes
from worker.folders import Folders
from worker.spool import kept


def drop(folders: Folders, relative: str, content: bytes) -> Path:
    """Write it durably; the path of the file, which may be another: see :func:`_of_nobody_else`.

    Under a temporary name that nobody claims, then synchronised, renamed, and its folders
    synchronised: whoever gets an answer may lose power the moment after. It is tried again where
    the watcher has just removed the empty folder. Raises ``ServiceUnavailable`` where the disk
    does not take it, or has gone: what is made in its place it hides when it is back.
    """
    inbox = folders.inbox
    target = inbox / relative
    try:
        for last in (False, False, True):
            with suppress(*(() if last else (FileNotFoundError,))):
                if not inbox.is_dir():
                    folders.make_inbox_again()
                target = inbox / _of_nobody_else(inbox, relative)
                _write(inbox, target, content)
                break
    except OSError as error:
        raise ServiceUnavailable(f"{inbox} takes no file now: {error}") from error
    return target


def _of_nobody_else(inbox: Path, relative: str) -> str:
    """The path, or ``sent-2026-11-30-1f0c-5be2….json`` of it, in the inbox itself.

    Whose a folder is may take away or exchange what lies in it, and in an inbox with the sticky bit
    anybody may have made one first; in the inbox itself only the owner may. So it is where a folder
    on the way is another's, who made it while the inbox was open to him. A name that nobody can
    tell beforehand: whoever sees the temporary file would take it first.
    """
    status = inbox.stat()
    *names, _ = beneath.parts(relative)
    owners = {folder.st_uid for folder in beneath.statuses(inbox, names)}
    open_to_all = status.st_mode & stat.S_ISVTX or owners - {0, os.geteuid(), status.st_uid}
    if names and open_to_all:  # what lies in the inbox itself, as samples do, keeps its name
        flat = Path(relative.replace("/", "-"))
        return f"{flat.stem}-{os.urandom(8).hex()}{flat.suffix}"
    return relative


def _write(inbox: Path, target: Path, content: bytes) -> None:
    """By open folders: a link in the inbox, which is other people's, leads nowhere."""
    *names, name = beneath.parts(str(target.relative_to(inbox)))
    with kept.way(inbox, names) as (folder, _):
        write_bytes(Path(name), content, folder=folder)
        os.fsync(folder)
    for depth in range(len(names)):  # the names, too: each folder up to the inbox
        with suppress(FileNotFoundError):  # the file is claimed already, and its folder with it
            _synchronise(inbox, names[:depth])


def _synchronise(inbox: Path, names: list[str]) -> None:
    with beneath.folder(inbox, names) as folder:
        os.fsync(folder)
