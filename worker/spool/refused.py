"""What was claimed as a file and is none: a folder, a link, a pipe that took a file's place.

A link, a pipe, a socket goes, and a folder that is empty: there is no text in it, and each that was
kept would cost far more of our disk than its owner. Any other folder is kept:

    spool/refused/<batch>-<random>/
        reason.json        the path below the inbox, what is wrong, when
        what               it; where its owner had shut it, the folder of ours that it lay in

It is never put back by its name, which may mean something else by now, and never comes into a
batch: whoever owns a folder can put links into it for as long as it exists. Nobody but Depesche can
enter here. A person may look at it, and delete it.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from worker.atomic import write_json
from worker.moment import moment

PLACE = "refused"
WHAT = "what"
NO_FILE = "it is no regular file: a folder took a file's place"
ADVICE = f"Look at it in spool/{PLACE}/, as who trusts nothing in there, and delete it."


class Shut(OSError):
    """A folder that its owner has shut: into another one only root could move it."""


def put_away(batch: Path, relative: str, folder: int, name: str) -> None:
    """Out of the batch, in whose open ``folder`` it has that name.

    Raises ``Shut`` where it can only be moved with that folder, and else ``OSError``.
    """
    is_folder = stat.S_ISDIR(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    with suppress(OSError):  # something is in it
        (os.rmdir if is_folder else os.unlink)(name, dir_fd=folder)
        return
    try:
        with _place(batch, relative) as place:
            os.rename(name, place / WHAT, src_dir_fd=folder)
    except PermissionError as error:
        raise Shut(error.errno, error.strerror) from error


def put_away_around(batch: Path, relative: str, ours: str) -> None:
    """The same with the folder of our own, below the batch, that what is shut lies in."""
    with _place(batch, relative) as place:
        (batch / ours).rename(place / WHAT)


@contextmanager
def _place(batch: Path, relative: str) -> Iterator[Path]:
    """A place for one thing out of a batch, by its path; it goes where that stays."""
    folder = batch.parent / PLACE / f"{batch.name}-{os.urandom(4).hex()}"
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700)
    try:
        now = moment()
        reason = {"path": relative, "error": NO_FILE, "time": now, "advice": ADVICE}
        write_json(folder / "reason.json", reason)
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def refused(spool: Path) -> list[str]:
    """The names of all places that hold something."""
    try:
        return sorted(os.listdir(spool / PLACE))
    except FileNotFoundError:
        return []
