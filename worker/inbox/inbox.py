"""Look through the inbox. The scan is the truth; file-system events only say when to look."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

from worker import beneath
from worker.inbox.names import ignored
from worker.inbox.readiness import Seen
from worker.inbox.shut import UNREADABLE, shut

EMPTY_FOLDER_SECONDS = 60.0
DEEPEST = 100  # folders in one another
#: Bytes of a path below the inbox. The system takes 4,096 of a whole one, and names are added to it
#: on the way to the archive: who asks for a longer one is refused, and so is ``verify``.
LONGEST = 3_000
TOO_LONG = f"its path has more than {LONGEST:,} bytes"
#: Names that are told of as left alone: a name costs whoever makes it a link next to nothing.
MOST = 1_000


@dataclass(frozen=True, slots=True)
class InboxFile:
    """A regular file in the inbox and where it lies below it."""

    path: Path
    relative: str
    seen: Seen


@dataclass(slots=True)
class Scan:
    """One look through the inbox; ``left_alone`` says which entries, and why.

    ``more``: how many there are beside those.
    """

    inbox: Path
    now: float
    left_alone: dict[str, str] = field(default_factory=dict)
    more: int = 0

    def files(self) -> Iterator[InboxFile]:
        """Regular files with names that are not ignored, folder by folder, unsorted."""
        try:
            with beneath.folder(self.inbox) as handle:
                yield from self._folder(handle, "")
        except FileNotFoundError:
            return  # the inbox was removed meanwhile

    def leave(self, relative: str, why: str) -> None:
        """Say of an entry that it is left alone; of very many, how many there are."""
        if len(self.left_alone) < MOST:
            self.left_alone[relative] = why
        else:
            self.more += 1

    def _folder(self, handle: int, prefix: str) -> Iterator[InboxFile]:
        if prefix.count("/") > DEEPEST:
            self.leave(prefix, f"nested deeper than {DEEPEST} folders")
            return
        # Names alone: entries with their status would take 1 KB each in a folder of very many.
        above = prefix.rstrip("/").rpartition("/")[2]
        names = [name for name in os.listdir(handle) if not ignored(name, above)]
        for name in names:
            yield from self._entry(handle, name, prefix + name)

    def _entry(self, handle: int, name: str, relative: str) -> Iterator[InboxFile]:
        try:
            status = os.stat(name, dir_fd=handle, follow_symlinks=False)
        except OSError:
            return  # gone since the folder was listed
        if is_too_long(relative):
            self.leave(relative, TOO_LONG)
        elif stat.S_ISDIR(status.st_mode):
            yield from self._below(handle, name, relative + "/")
        elif stat.S_ISREG(status.st_mode):
            arranged = status.st_ctime_ns > status.st_mtime_ns
            inode = status.st_dev << 64 | status.st_ino  # each disk has the same numbers
            seen = Seen(status.st_size, status.st_mtime, inode, arranged, status.st_uid)
            if fault := shut(handle, name, status.st_uid):
                self.leave(relative, fault)
            if fault != UNREADABLE:  # in the spool its owner could not open it to us any more
                yield InboxFile(self.inbox / relative, relative, seen)
        else:
            self.leave(relative, _kind(status.st_mode))

    def _below(self, handle: int, name: str, prefix: str) -> Iterator[InboxFile]:
        """A folder's files; by descriptors, for a link may take a folder's place at any time."""
        with ExitStack() as stack:
            try:
                below = stack.enter_context(beneath.folder(handle, [name]))
                empty = not os.listdir(below)
            except FileNotFoundError:
                return
            except OSError as error:
                self.leave(prefix, f"a folder that cannot be read ({error.strerror})")
                return
            if empty:
                self._prune(handle, name, os.fstat(below))
            else:
                yield from self._folder(below, prefix)

    def _prune(self, handle: int, name: str, status: os.stat_result) -> None:
        """Remove a folder that has been empty for a while: someone may still be filling it."""
        if self.now - status.st_mtime > EMPTY_FOLDER_SECONDS:
            with suppress(OSError):
                os.rmdir(name, dir_fd=handle)


def is_too_long(relative: str) -> bool:
    """Whether a path below the inbox is longer than all programs can work with."""
    return len(relative) * 4 > LONGEST and len(os.fsencode(relative)) > LONGEST


def _kind(mode: int) -> str:
    kinds = {
        stat.S_IFLNK: "a symbolic link (not followed)",
        stat.S_IFIFO: "a named pipe",
        stat.S_IFSOCK: "a socket",
    }
    return kinds.get(stat.S_IFMT(mode), "not a regular file")
