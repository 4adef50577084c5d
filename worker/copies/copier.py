"""Copies what of the archive has no copy yet, and removes the copies of what has left it.

What is to do is written down nowhere: it is the files of the archive without a confirmed copy.
Nobody waits for it: where the bucket is away, the work of all others goes on. What is refused by
itself, for its name say, keeps no other waiting: it is tried again behind them.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO, Protocol

import structlog

from articles.errors import ServiceUnavailable, Unreadable
from extraction.formats.identity import printable_path
from worker import beneath, failpoint
from worker.copies.keys import key_of
from worker.copies.tree import Tree, files_in
from worker.file_numbers import kept_time
from worker.folders import Folders
from worker.spool.copied import ArchiveCopies, Copied
from worker.spool.outsized import refuse_holes
from worker.spool.settle import settling

log = structlog.get_logger()

#: So many refusals one behind the other are of the bucket, and not of single files.
MOST_REFUSED = 3


class Store(Protocol):
    """Where copies go (``bucket.py``)."""

    def put(self, key: str, file: BinaryIO) -> None: ...
    def digest(self, key: str) -> str | None: ...
    def delete(self, key: str) -> None: ...


@dataclass(slots=True)
class Copier:
    """One step after the other, in one thread: so no copy is written behind its removal."""

    folders: Folders
    copies: ArchiveCopies
    store: Store
    _missing: dict[str, int] = field(default_factory=dict)
    _said: dict[str, str] = field(default_factory=dict)
    _again: str = ""
    _refused: set[str] = field(default_factory=set)
    _behind: frozenset[str] = frozenset()
    _in_a_row: int = 0
    _tree: Tree = field(init=False)

    def __post_init__(self) -> None:
        self._tree = Tree(self.folders.archive)

    def step(self, stopped: Callable[[], bool] = lambda: False) -> None:
        """All that is to do now. What the bucket refuses is said to ``status``, and raised."""
        self._in_a_row, self._behind = 0, frozenset(self._refused)
        try:
            troubles = [*self._remove(late=False)]
            self._look()
            self._say("")
            troubles += [*self._copy_all(stopped, late=False), *self._remove(late=True)]
            troubles += self._copy_all(stopped, late=True)
            if troubles:
                raise troubles[0]
            self._say("")
        except (ServiceUnavailable, OSError) as error:
            self._say(str(error))
            raise
        except Exception as error:
            self._say(f"a fault of Depesche's, which the log has: {error!r}")
            raise

    def _look(self) -> None:
        """Count what has no copy; ``verify --repair`` has all looked through once more."""
        again = self.copies.said().get("again", "")
        if again != self._again:
            self._again = again
            self._tree.forget()
        for folder in self._tree.changed():
            mtime = self._mtime(folder)
            self._missing[folder] = sum(1 for _ in self._without(folder))
            if not self._missing[folder]:
                del self._missing[folder]
                self._tree.looked(folder, mtime)

    def _mtime(self, folder: str) -> int:
        try:
            return os.lstat(self.folders.archive / folder).st_mtime_ns
        except FileNotFoundError:
            return 0

    def _without(self, folder: str) -> Iterator[str]:
        """The paths of the files in a folder that have no copy of what they are."""
        found = {
            key_of(relative): (relative, status)
            for name, status in files_in(self.folders.archive / folder)
            for relative in [f"{folder}/{name}" if folder else name]
        }
        known = self.copies.confirmed(list(found))
        for key, (relative, status) in found.items():
            copied = known.get(key)
            if not copied or (copied.size, copied.mtime) != _noted(status):
                yield relative

    def _copy_all(self, stopped: Callable[[], bool], *, late: bool) -> Iterator[Exception]:
        """What could not be copied; ``late``: of what was refused before, else of all others."""
        for folder in list(self._missing):
            missing = list(self._without(folder))
            self._missing[folder] = len(missing)
            for relative in missing:
                if stopped():
                    return
                if (relative in self._behind) is late:
                    yield from self._remove(late=False)  # what was purged waits for no long list
                    trouble = self._tried(relative, partial(self._copy, relative))
                    self._missing[folder] -= not trouble
                    yield from trouble
            if not self._missing[folder]:
                del self._missing[folder]

    def _tried(self, name: str, work: Callable[[], None]) -> list[Exception]:
        """What the bucket, or the disk, says of one file; raised where it seems to be of all."""
        try:
            work()
        except Unreadable as fault:  # its own, and of no other
            self._refused.add(name)
            return [ServiceUnavailable(f"{printable_path(name)}: {fault.reason}")]
        except (ServiceUnavailable, OSError) as error:
            self._refused.add(name)
            self._in_a_row += 1
            if self._in_a_row >= MOST_REFUSED:
                raise
            return [error]
        self._refused.discard(name)
        self._in_a_row = 0
        return []

    def _copy(self, relative: str) -> None:
        """Write it, read it back, and believe it where both are what the file is still.

        Raises ``Unreadable`` for a hole: to read and to send it may take days.
        """
        key, archive = key_of(relative), self.folders.archive
        try:
            handle = beneath.open_below(archive, relative)
        except (FileNotFoundError, beneath.NotAFile):
            return
        with os.fdopen(handle, "rb") as file:
            before = os.fstat(handle)
            refuse_holes(handle)
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
            if not self.copies.begin(key, os.fsencode(relative)):
                return  # its copy is to go first
            failpoint.reach("copies.begun")
            self.store.put(key, file)
        failpoint.reach("copies.put")
        if self.store.digest(key) != digest:
            raise ServiceUnavailable(f"the copy of {key} came back with other bytes")
        with settling(self.folders):
            now = beneath.status(archive, relative)
            if now and _look(now) == _look(before):
                copied = Copied(digest, *_noted(before))
                self.copies.confirm(key, copied)
        log.debug("file.copied", path=key)

    def _remove(self, *, late: bool) -> Iterator[Exception]:
        """The copies of what has left the archive; what is there again gets one anew."""
        for key, path in self.copies.leaving():
            if (key in self._behind) is late:
                yield from self._tried(key, partial(self._removed, key, path))

    def _removed(self, key: str, path: bytes) -> None:
        if self._stays(key, os.fsdecode(path)):
            self._tree.forget()
            return
        self.store.delete(key)
        failpoint.reach("copies.deleted")
        self.copies.forget([key])
        log.info("copy.removed", path=key)

    def _stays(self, key: str, relative: str) -> bool:
        """Whether the file is there: under the lock, for it may be noted and go at any time."""
        with settling(self.folders):
            there = beneath.is_file(self.folders.archive, relative)
            if there:
                self.copies.forget([key])
        return there

    def _say(self, error: str) -> None:
        waiting = str(sum(self._missing.values()))
        said = {"waiting": waiting, "leaving": str(len(self.copies.leaving())), "error": error}
        if said != self._said:
            self.copies.say(**said)
            self._said = said


def _look(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_ino, status.st_size, status.st_mtime_ns


def leaves(folders: Folders, copies: ArchiveCopies, root: Path, relative: str) -> None:
    """A file below ``root`` is about to go; where that is the archive, so is its copy."""
    if root == folders.archive:
        copies.leave(key_of(relative), os.fsencode(relative))


def _noted(status: os.stat_result) -> tuple[int, int]:
    """Its size and time, as they are noted."""
    return status.st_size, kept_time(status.st_mtime_ns)
