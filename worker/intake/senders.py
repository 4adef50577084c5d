"""What programs ask for by message: their files and articles take the same way as dropped ones."""

from __future__ import annotations

import io
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from articles.errors import ArticleFault, UsageError
from extraction.formats.identity import printable_path
from extraction.formats.parse import too_large
from tasks.messages import as_file
from worker import beneath, failpoint, rooted
from worker.inbox.inbox import DEEPEST, TOO_LONG, is_too_long
from worker.inbox.names import SYSTEM, is_litter
from worker.intake.fates import ItemFate
from worker.intake.intake import Intake
from worker.intake.sites import Others
from worker.intake.told import LONGEST_PATH
from worker.intake.unpack import most_bytes
from worker.spool import deposit
from worker.spool.spool import Batch


@dataclass(frozen=True, slots=True)
class PermittedFile:
    """A file that may be taken: the path asked for, the real file, its path from now on."""

    path: str
    file: Path
    relative: str
    in_inbox: bool


class Senders:
    """The work behind the tasks of the intake worker. Plain data in, plain data out."""

    def __init__(
        self,
        intake: Intake,
        folders: Sequence[Path],
        limits: tuple[int, int],
        others: Others | None = None,
    ) -> None:
        """``limits`` of one batch: files and bytes; ``others``: where else there are sites."""
        self._intake = intake
        self._others = others
        self._limits = limits
        self._inbox = intake.folders.inbox
        self._allowed = list(folders)

    def batch(self, name: str) -> list[ItemFate]:
        """Work a batch of the spool."""
        return self._intake.batch(name)

    def article(self, parts: dict[str, Any]) -> dict[str, Any]:
        """Write the article down as a JSON file in the spool, then work it."""
        relative, content = as_file(parts, datetime.now(UTC).date())
        with self._intake.spool.filling() as batch:
            deposit.put(batch, io.BytesIO(content), relative)
            failpoint.reach("senders.put")
            (fate,) = self._intake.owned(batch)
        return asdict(fate)

    def sends_on(self, paths: Sequence[str], came_from: str) -> str:
        """The queue of the one other site that takes these files; "" where they are worked here.

        What came out of a site's own queue is for that site.
        """
        if self._others is None or not self._others.may_be_sent_on(came_from):
            return ""
        if any(isinstance(self._look(path), PermittedFile) for path in paths):
            return ""
        return self._others.queue_for(paths)

    def files(self, paths: Sequence[str]) -> list[dict[str, Any]]:
        """Take the files over (by rename from the inbox, else by copy) and work them."""
        answers = {path: self._look(path) for path in paths}
        permitted_files = [
            permitted for permitted in answers.values() if isinstance(permitted, PermittedFile)
        ]
        fates: dict[str, ItemFate] = {}
        for group in deposit.grouped(permitted_files, _size, lambda w: w.relative, *self._limits):
            fates |= self._work(group)
        ends = {p: fates[w.path] if isinstance(w, PermittedFile) else w for p, w in answers.items()}
        return [{**asdict(ends[path]), "path": path} for path in paths]

    def _work(self, group: Sequence[PermittedFile]) -> dict[str, ItemFate]:
        """One batch; the fate of each file by the path that was asked for."""
        refused: dict[str, ItemFate] = {}
        with self._intake.spool.filling() as batch:
            for permitted in group:
                try:
                    self._take(batch, permitted)
                except (OSError, UsageError, ArticleFault) as error:
                    refused[permitted.path] = _refused(permitted.path, error)
            failpoint.reach("senders.took")
            done = {fate.path: fate for fate in self._intake.owned(batch)}
        waiting = ItemFate("", "waiting", "", "it is in the spool")
        fates = {w.path: done.get(printable_path(w.relative), waiting) for w in group}
        return fates | refused

    def _take(self, batch: Batch, permitted: PermittedFile) -> None:
        """By the open folder that is permitted, name by name: no link since the look leads out."""
        if permitted.in_inbox:
            deposit.claim(batch, permitted.file, permitted.relative)
            return
        try:
            most = most_bytes(permitted.relative, self._intake.max_file_bytes)
            deposit.copy(batch, permitted.file, permitted.relative, most)
        except beneath.TooLarge as error:
            raise UsageError(too_large(error.size, most).reason) from error

    def _look(self, path: str) -> PermittedFile | ItemFate:
        try:
            return self._permitted(path)
        except (OSError, ValueError, UsageError, RuntimeError) as error:  # a loop of links is one
            return _refused(path, error)

    def _permitted(self, path: str) -> PermittedFile:
        """The real file and its path from now on; ``UsageError`` where it may not be had.

        The path is resolved first, so that no link and no ``..`` leads out of the folders. A file
        of the inbox keeps its path below it; others get their folder's name in front. What else is
        in the data folder, its secrets and what is not yet to be read, no folder above it allows.
        """
        if len(path) > LONGEST_PATH:
            raise UsageError(f"it has more than {LONGEST_PATH:,} characters, and no path has")
        file = Path(path).resolve()
        if any(is_litter(name) for name in file.parts):
            raise UsageError(f"it is {SYSTEM}")
        inbox, data = self._inbox.resolve(), self._intake.folders.data.resolve()
        if file.is_relative_to(inbox) and file.is_file():
            return PermittedFile(path, file, _below(inbox, file), in_inbox=True)
        for folder in filter(None, map(_real, self._allowed)):
            ours = file.is_relative_to(data) and data.is_relative_to(folder)
            if file.is_relative_to(folder) and not ours and file.is_file():
                return PermittedFile(path, file, _below(folder.parent, file), in_inbox=False)
        raise UsageError("it is no file in a folder that DEPESCHE_INGEST_FOLDERS allows")


def _real(allowed: Path) -> Path | None:
    """Where a folder lies that is allowed; None where it is not there, or another's link leads."""
    try:
        with rooted.opened(allowed, beneath.PASS) as handle:
            real, known = allowed.resolve(), os.fstat(handle)
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


def _size(permitted: PermittedFile) -> int:
    """Of no matter where it is gone: that is told when it is taken."""
    status = beneath.status(*beneath.split(permitted.file, permitted.relative))
    return status.st_size if status else 0


def _refused(path: str, error: Exception) -> ItemFate:
    return ItemFate(path, "failed", "", f"it was not taken: {error}")
