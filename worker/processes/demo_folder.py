"""The demo's own folder: emptied before each run, and no folder that anybody else has made."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from articles.errors import UsageError
from tasks.data_folder import fault_of_owner
from worker import folder_lock
from worker.atomic import is_temporary
from worker.inbox.names import is_litter
from worker.lock import locked
from worker.spool.naming import reason_name

MARK = ".depesche-demo"

_ANOTHER = "Name another folder for the demo by --data."


@contextmanager
def demo_folder(
    data: Path, stop: Callable[[Path], object], brought: Collection[str] = ()
) -> Iterator[None]:
    """The folder, empty, marked as the demo's, and nobody else's while inside.

    ``stop`` is called before it is emptied: a killed demo may have left services in it.
    ``brought`` are the names of its articles. Raises ``UsageError`` for whatever the demo did not
    make or bring, before anything is touched.
    """
    check(data, brought)
    data.mkdir(mode=0o711, parents=True, exist_ok=True)
    try:
        with locked(data / MARK, 0.0):
            stop(data)
            _empty(data)
            yield
    except TimeoutError:
        raise UsageError(f"A demo runs in {data} already. Wait, or name another --data.") from None


def check(data: Path, brought: Collection[str] = ()) -> None:
    """Raise ``UsageError`` unless the demo may empty the folder: its own, an empty one, or none.

    Its own is another's from the moment that somebody works in it.
    """
    if data.is_symlink() or (data.exists() and not data.is_dir()):
        raise UsageError(f"{data} is no folder. Name one for the demo alone by --data.")
    if fault := fault_of_owner(data):
        raise UsageError(fault)
    if data.is_dir() and any(data.iterdir()) and not (data / MARK).is_file():
        raise UsageError(
            f"{data} was not made by `depesche demo`, which empties its folder first. Name one "
            "that is not there yet by --data, or delete this one yourself."
        )
    if data.is_dir() and folder_lock.is_held(data):
        raise UsageError(f"Depesche runs on {data}: `depesche down` stops it. {_ANOTHER}")
    if other := next(_of_others(data, brought), None):
        raise UsageError(f"{other} is none of the demo's, which empties its folder. {_ANOTHER}")


def _of_others(data: Path, brought: Collection[str]) -> Iterator[Path]:
    """What somebody has put there since: articles, wherever they are, and rules about names."""
    if os.path.lexists(data / "aliases.txt"):
        yield data / "aliases.txt"
    own = {*brought, *map(reason_name, brought)}
    for place in (data / "inbox", data / "archive", data / "failed", *data.glob("spool/*/files")):
        for folder, _, names in os.walk(place):
            strange = (name for name in names if name not in own)
            rest = (name for name in strange if not is_temporary(name) and not is_litter(name))
            yield from (Path(folder, name) for name in rest)


def _empty(data: Path) -> None:
    for entry in data.iterdir():
        if entry.name == MARK:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
