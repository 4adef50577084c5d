"""What programs ask for by message: their files and articles take the same way as dropped ones."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from articles.errors import ArticleFault, UsageError
from extraction.formats.identity import printable_path
from extraction.formats.parse import too_large
from tasks.messages import as_file
from worker import beneath, failpoint
from worker.intake.fates import ItemFate
from worker.intake.intake import Intake
from worker.intake.permitted import Permits, PermittedFile, refused
from worker.intake.sites import Others
from worker.intake.unpack import most_bytes
from worker.mirror.apart import path_now
from worker.spool import deposit
from worker.spool.spool import Batch


class Senders:
    """The work behind the tasks of the intake worker. Plain data in, plain data out."""

    def __init__(
        self,
        intake: Intake,
        folders: Sequence[Path],
        limits: tuple[int, int],
        others: Others | None = None,
        spool_batches: int = sys.maxsize,
    ) -> None:
        """``limits`` of one batch: files and bytes; ``others``: where else there are sites.

        ``spool_batches``: of so many none is put behind them.
        """
        self._intake = intake
        self._others = others
        self._limits, self._spool_batches = limits, spool_batches
        self._allowed = list(folders)

    def batch(self, name: str, *, before_others: bool = False) -> list[ItemFate]:
        """Work a batch of the spool: see :meth:`Intake.batch`."""
        return self._intake.batch(name, before_others=before_others)

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
        if any(isinstance(found, PermittedFile) for _, found in self._permits().looks(paths)):
            return ""
        return self._others.queue_for(paths)

    def files(self, paths: Sequence[str]) -> list[dict[str, Any]]:
        """Take the files over (by rename from the inbox, else by copy) and work them.

        Each once, in however many ways its path is written.
        """
        answers = dict(self._permits().looks(paths))
        once = {w.file: w for w in answers.values() if isinstance(w, PermittedFile)}
        fates: dict[str, ItemFate] = {}
        turn = self._intake.unpacker.portions.turn()
        groups = deposit.grouped(list(once.values()), _size, lambda w: w.relative, *self._limits)
        with turn.shared():
            for group in turn.those(groups):
                fates |= self._work(group)
        for group in groups:
            fates |= self._put_off(group)
        ends = {
            path: fates[once[found.file].path] if isinstance(found, PermittedFile) else found
            for path, found in answers.items()
        }
        return [{**asdict(ends[path]), "path": path} for path in paths]

    def _put_off(self, group: Sequence[PermittedFile]) -> dict[str, ItemFate]:
        """Into the spool alone, where there is room; else they stay where they are."""
        if len(self._intake.spool) < self._spool_batches:
            return self._work(group, later=True)
        full = UsageError("the spool is full: send it again when `depesche status` shows less work")
        return {permitted.path: refused(permitted.path, full) for permitted in group}

    def _permits(self) -> Permits:
        return Permits(self._intake.folders, self._allowed)

    def _work(self, group: Sequence[PermittedFile], *, later: bool = False) -> dict[str, ItemFate]:
        """One batch; the fate of each file by the path that was asked for.

        ``later``: it is only put into the spool, for those before it took long.
        """
        lost: dict[str, ItemFate] = {}
        with self._intake.spool.filling() as batch:
            for permitted in group:
                try:
                    self._take(batch, permitted)
                except (OSError, UsageError, ArticleFault) as error:
                    lost[permitted.path] = refused(permitted.path, error)
            failpoint.reach("senders.took")
            renamed = self._intake.keep_apart(batch)
            done = {fate.path: fate for fate in ([] if later else self._intake.owned(batch))}
        waiting = ItemFate("", "waiting", "", "it is in the spool")
        paths = {w.path: printable_path(path_now(w.relative, renamed)) for w in group}
        fates = {path: done.get(below, waiting) for path, below in paths.items()}
        return fates | lost

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


def _size(permitted: PermittedFile) -> int:
    """Of no matter where it is gone: that is told when it is taken."""
    status = beneath.status(*beneath.split(permitted.file, permitted.relative))
    return status.st_size if status else 0
