"""Copies what of the archive has no copy yet, and removes the copies of what has left it.

What is to do is written down nowhere: it is the files of the archive without a confirmed copy.
Nobody waits for it: where the bucket is away, the work of all others goes on.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

import structlog

from articles.errors import ServiceUnavailable
from worker import beneath, failpoint
from worker.copies.keys import key_of
from worker.copies.tree import Tree, files_in
from worker.folders import Folders
from worker.spool.copied import ArchiveCopies, Copied
from worker.spool.settle import settling

log = structlog.get_logger()


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
    _tree: Tree = field(init=False)

    def __post_init__(self) -> None:
        self._tree = Tree(self.folders.archive)

    def step(self, stopped: Callable[[], bool] = lambda: False) -> None:
        """All that is to do now. What the bucket refuses is said to ``status``, and raised."""
        try:
            self._remove()
            self._look()
            self._say("")
            for folder in list(self._missing):
                self._copy_all(folder, stopped)
            self._say("")
        except ServiceUnavailable as error:
            self._say(str(error))
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
            if not copied or (copied.size, copied.mtime) != (status.st_size, status.st_mtime_ns):
                yield relative

    def _copy_all(self, folder: str, stopped: Callable[[], bool]) -> None:
        for relative in list(self._without(folder)):
            if stopped():
                return
            self._remove()  # what was purged waits for no long list
            self._copy(relative)
            self._missing[folder] -= 1
        del self._missing[folder]

    def _copy(self, relative: str) -> None:
        """Write it, read it back, and believe it where both are what the file is still."""
        key, archive = key_of(relative), self.folders.archive
        try:
            handle = beneath.open_below(archive, relative)
        except (FileNotFoundError, beneath.NotAFile):
            return
        with os.fdopen(handle, "rb") as file:
            before = os.fstat(handle)
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
                copied = Copied(digest, before.st_size, before.st_mtime_ns)
                self.copies.confirm(key, copied)
        log.debug("file.copied", path=key)

    def _remove(self) -> None:
        """The copies of what has left the archive; what is there again gets one anew."""
        for key, path in self.copies.leaving():
            if self._stays(key, os.fsdecode(path)):
                self._tree.forget()
                continue
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
