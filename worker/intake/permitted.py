"""Which files a program may name in a message: those of the inbox and of allowed folders."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from articles.errors import UsageError
from extraction.containers.columns import FILE as COLUMNS
from tasks.real_path import real_path
from worker import beneath, rooted
from worker.folders import Folders
from worker.inbox.inbox import DEEPEST, TOO_LONG, is_too_long
from worker.inbox.names import SYSTEM, is_litter
from worker.intake.fates import ItemFate
from worker.intake.told import LONGEST_PATH

#: Seconds of the processor to look at the paths of one message: 10,000 take less than one, and one
#: takes three where forty links of thousands of names have been laid.
MOST = 60.0


@dataclass(frozen=True, slots=True)
class PermittedFile:
    """A file that may be taken: the path asked for, the real file, its path from now on."""

    path: str
    file: Path
    relative: str
    in_inbox: bool


class Permits:
    """What a message may name, by where the folders are when it is looked at."""

    def __init__(
        self, folders: Folders, allowed: Iterable[Path], clock: Callable[[], float] | None = None
    ) -> None:
        self._inbox, self._data = real_path(folders.inbox), real_path(folders.data)
        self._allowed = [real for folder in allowed if (real := _real(folder))]
        self._clock = clock or time.thread_time

    def looks(self, paths: Sequence[str]) -> Iterator[tuple[str, PermittedFile | ItemFate]]:
        """Each path once; those that there is no time for are refused unseen."""
        ends = self._clock() + MOST
        for path in dict.fromkeys(paths):
            if self._clock() > ends:
                late = f"those before it took {MOST:.0f} seconds of the processor to be found"
                yield path, refused(path, UsageError(late))
            else:
                yield path, self.look(path)

    def look(self, path: str) -> PermittedFile | ItemFate:
        """The file, or why it may not be had."""
        try:
            return self.file(path)
        except (OSError, ValueError, UsageError) as error:
            return refused(path, error)

    def file(self, path: str) -> PermittedFile:
        """The real file and its path from now on; ``UsageError`` where it may not be had.

        The path is resolved first, so that no link and no ``..`` leads out of the folders. A file
        of the inbox keeps its path below it; others get their folder's name in front. What else is
        in the data folder, its secrets and what is not yet to be read, no folder above it allows.
        """
        if len(path) > LONGEST_PATH:
            raise UsageError(f"it has more than {LONGEST_PATH:,} characters, and no path has")
        file = real_path(path)
        if any(is_litter(name) for name in file.parts):
            raise UsageError(f"it is {SYSTEM}")
        if file.name.lower() == COLUMNS:  # in the inbox all tables beside it are read by it
            raise UsageError("it says what the columns of tables are, and stays where it is")
        if file.is_relative_to(self._inbox) and file.is_file():
            return PermittedFile(path, file, _below(self._inbox, file), in_inbox=True)
        for folder in self._allowed:
            ours = file.is_relative_to(self._data) and self._data.is_relative_to(folder)
            if file.is_relative_to(folder) and not ours and file.is_file():
                return PermittedFile(path, file, _below(folder.parent, file), in_inbox=False)
        raise UsageError("it is no file in a folder that DEPESCHE_INGEST_FOLDERS allows")


def refused(path: str, error: Exception) -> ItemFate:
    """What becomes of a path that may not be had, or a file that cannot be taken."""
    return ItemFate(path, "failed", "", f"it was not taken: {error}")


def _real(allowed: Path) -> Path | None:
    """Where a folder lies that is allowed; None where it is not there, or another's link leads."""
    try:
        with rooted.opened(allowed, beneath.PASS) as handle:
            real, known = real_path(allowed), os.fstat(handle)
        return real if os.path.samestat(real.stat(), known) else None
    except OSError:
        return None


def _below(folder: Path, file: Path) -> str:
    """As deep and as long as in the inbox: nobody could look through a batch that is deeper."""
    relative = file.relative_to(folder)
    if len(relative.parts) - 1 > DEEPEST:
        raise UsageError(f"it is nested deeper than {DEEPEST} folders")
    if is_too_long(str(relative)):
        raise UsageError(TOO_LONG)
    return str(relative)
