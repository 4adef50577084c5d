"""The demo's own folder: emptied before each run, and no folder that anybody else has made."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from articles.errors import UsageError
from worker.lock import locked

MARK = ".depesche-demo"


@contextmanager
def demo_folder(data: Path, stop: Callable[[Path], object]) -> Iterator[None]:
    """The folder, empty, marked as the demo's, and nobody else's while inside.

    ``stop`` is called before it is emptied: a killed demo may have left services in it. Raises
    ``UsageError`` for whatever the demo did not make, before anything is touched.
    """
    check(data)
    data.mkdir(parents=True, exist_ok=True)
    try:
        with locked(data / MARK, 0.0):
            stop(data)
            _empty(data)
            yield
    except TimeoutError:
        raise UsageError(f"A demo runs in {data} already. Wait, or name another --data.") from None


def check(data: Path) -> None:
    """Raise ``UsageError`` unless the demo may empty the folder: its own, an empty one, or none."""
    if data.is_symlink() or (data.exists() and not data.is_dir()):
        raise UsageError(f"{data} is no folder. Name one for the demo alone by --data.")
    if data.is_dir() and any(data.iterdir()) and not (data / MARK).is_file():
        raise UsageError(
            f"{data} was not made by `depesche demo`, which empties its folder first. Name one "
            "that is not there yet by --data, or delete this one yourself."
        )


def _empty(data: Path) -> None:
    for entry in data.iterdir():
        if entry.name == MARK:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
