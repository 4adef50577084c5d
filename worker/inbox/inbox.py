"""Look through the inbox. The scan is the truth; file-system events only say when to look."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from worker.inbox.names import ignored
from worker.inbox.readiness import Seen

EMPTY_FOLDER_SECONDS = 60.0
DEEPEST = 100  # folders in one another


@dataclass(frozen=True, slots=True)
class InboxFile:
    """A regular file in the inbox and where it lies below it."""

    path: Path
    relative: str
    seen: Seen


@dataclass(slots=True)
class Scan:
    """One look through the inbox; ``left_alone`` says which entries, and why."""

    inbox: Path
    now: float
    left_alone: dict[str, str] = field(default_factory=dict)

    def files(self) -> Iterator[InboxFile]:
        """Regular files with names that are not ignored, folder by folder, unsorted."""
        yield from self._folder(self.inbox, "")

    def _folder(self, folder: Path, prefix: str) -> Iterator[InboxFile]:
        if prefix.count("/") > DEEPEST:
            self.left_alone[prefix] = f"nested deeper than {DEEPEST} folders"
            return
        try:
            # Names alone: entries with their status would take 1 KB each in a folder of very many.
            names = [name for name in os.listdir(folder) if not ignored(name)]
        except OSError as error:
            if prefix:
                self.left_alone[prefix] = f"a folder that cannot be read ({error.strerror})"
            return
        if not names and prefix:
            self._prune(folder)
        for name in names:
            yield from self._entry(folder / name, prefix + name)

    def _entry(self, path: Path, relative: str) -> Iterator[InboxFile]:
        try:
            status = path.lstat()
        except OSError:
            return  # gone since the folder was listed
        if stat.S_ISDIR(status.st_mode):
            yield from self._folder(path, relative + "/")
        elif stat.S_ISREG(status.st_mode):
            arranged = status.st_ctime_ns > status.st_mtime_ns
            seen = Seen(status.st_size, status.st_mtime, status.st_ino, arranged)
            yield InboxFile(path, relative, seen)
        else:
            self.left_alone[relative] = _kind(status.st_mode)

    def _prune(self, folder: Path) -> None:
        """Remove a folder that has been empty for a while: someone may still be filling it."""
        try:
            if self.now - folder.stat().st_mtime > EMPTY_FOLDER_SECONDS:
                folder.rmdir()
        except OSError:
            return


def _kind(mode: int) -> str:
    kinds = {
        stat.S_IFLNK: "a symbolic link (not followed)",
        stat.S_IFIFO: "a named pipe",
        stat.S_IFSOCK: "a socket",
    }
    return kinds.get(stat.S_IFMT(mode), "not a regular file")
