"""What was claimed as a file and is none: a folder, a link, a pipe that took a file's place.

A link, a pipe, a socket goes, and a folder that is empty: there is no text in it, and each that was
kept would cost far more of our disk than its owner. Any other folder is kept:

    spool/refused/<batch>-<random>/
        reason.json        the path below the inbox, what is wrong, when
        what               it

It is never put back by its name, which may mean something else by now, and never comes into a
batch: whoever owns a folder can put links into it for as long as it exists. Nobody but Depesche can
enter here. A person may look at it, and delete it.
"""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from pathlib import Path

from worker.atomic import write_json
from worker.moment import moment

PLACE = "refused"
WHAT = "what"
NO_FILE = "it is no regular file: a folder took a file's place"
ADVICE = f"Look at it in spool/{PLACE}/, as who trusts nothing in there, and delete it."


def put_away(batch: Path, relative: str, folder: int, name: str) -> None:
    """Out of the batch, in whose open ``folder`` it has that name. Raises ``OSError``."""
    is_folder = stat.S_ISDIR(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    with suppress(OSError):  # something is in it
        (os.rmdir if is_folder else os.unlink)(name, dir_fd=folder)
        return
    os.rename(name, _place(batch, relative) / WHAT, src_dir_fd=folder)


def _place(batch: Path, relative: str) -> Path:
    """A place for one thing out of a batch, by its path."""
    folder = batch.parent / PLACE / f"{batch.name}-{os.urandom(4).hex()}"
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700)
    now = moment()
    reason = {"path": relative, "error": NO_FILE, "time": now, "advice": ADVICE}
    write_json(folder / "reason.json", reason)
    return folder


def refused(spool: Path) -> list[str]:
    """The names of all places that hold something."""
    try:
        return sorted(os.listdir(spool / PLACE))
    except FileNotFoundError:
        return []
