"""The folders of the archive that have changed since they were last looked through.

A folder's time of change tells: files come and go by rename. Only folders are asked, not files.
"""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

#: A folder may change once more at the time that it has, as clocks of file systems go.
YOUNG_NS = 2_000_000_000


@dataclass(slots=True)
class Tree:
    """What is known of the folders below ``root``, by their paths below it."""

    root: Path
    _known: dict[str, tuple[int, list[str]]] = field(default_factory=dict)

    def changed(self) -> Iterator[str]:
        """Each folder that has changed, ``""`` for the root; none is forgotten by being told."""
        waiting = [""]
        while waiting:
            folder = waiting.pop()
            try:
                mtime = os.lstat(self.root / folder).st_mtime_ns
            except FileNotFoundError:
                self._known.pop(folder, None)
                continue
            if (known := self._known.get(folder)) and known[0] == mtime:
                waiting += known[1]
            else:
                waiting += self._below(folder)
                yield folder

    def looked(self, folder: str, mtime: int) -> None:
        """It was looked through, as it was then; a young one is looked through once more."""
        if time.time_ns() - mtime > YOUNG_NS:
            self._known[folder] = mtime, self._below(folder)

    def forget(self) -> None:
        """All are to be looked through again."""
        self._known.clear()

    def _below(self, folder: str) -> list[str]:
        try:
            with os.scandir(self.root / folder) as entries:
                names = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
        except (FileNotFoundError, NotADirectoryError):
            return []
        return [f"{folder}/{name}" if folder else name for name in sorted(names)]


def files_in(folder: Path) -> Iterator[tuple[str, os.stat_result]]:
    """(name, status) of each regular file in a folder; no link is followed."""
    try:
        names = sorted(os.listdir(folder))
    except (FileNotFoundError, NotADirectoryError):
        return
    for name in names:
        try:
            status = os.lstat(folder / name)
        except FileNotFoundError:
            continue
        if stat.S_ISREG(status.st_mode):
            yield name, status
