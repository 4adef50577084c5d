"""What was claimed as a file and is none: a folder, a link, a pipe that took a file's place.

    spool/refused/<batch>-<random>/
        reason.json        the path below the inbox, what is wrong, when
        what               it, or the folders of the claim that it lies in

It is never put back by its name, which may mean something else by now, and never comes into a
batch: whoever owns a folder can put links into it for as long as it exists. Nobody but Depesche can
enter here. A person may look at it, and delete it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from worker.atomic import write_json
from worker.moment import moment

PLACE = "refused"
WHAT = "what"
NO_FILE = "it is no regular file: a folder, a link or a pipe took a file's place"
ADVICE = f"Look at it in spool/{PLACE}/, as who trusts nothing in there, and delete it."


@contextmanager
def place(batch: Path, relative: str) -> Iterator[Path]:
    """A place for one thing out of a batch, by its path; inside it is to be moved there."""
    folder = batch.parent / PLACE / f"{batch.name}-{os.urandom(4).hex()}"
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700)
    now = moment()
    reason = {"path": relative, "error": NO_FILE, "time": now, "advice": ADVICE}
    write_json(folder / "reason.json", reason)
    yield folder / WHAT


def refused(spool: Path) -> list[str]:
    """The names of all places that hold something."""
    try:
        return sorted(os.listdir(spool / PLACE))
    except FileNotFoundError:
        return []
