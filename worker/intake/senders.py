"""What programs ask for by message: their files and articles take the same way as dropped ones."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from articles.errors import ArticleFault, UsageError
from extraction.containers.registry import is_named_so
from extraction.formats.identity import printable_path
from extraction.formats.parse import too_large
from tasks.messages import as_file
from worker import beneath, failpoint
from worker.intake.copied import Copied, look_of
from worker.intake.fates import ItemFate
from worker.intake.intake import Intake
from worker.intake.permitted import Permits, PermittedFile, refused
from worker.intake.shares import Lately
from worker.intake.sites import Others
from worker.intake.unpack import most_bytes
from worker.mirror.apart import path_now
from worker.spool import deposit
from worker.spool.spool import Batch

#: Seconds that containers of messages may have lately, of one process, before everybody's files.
ENOUGH = 60.0
#: Characters of reasons and warnings in one answer, and what is said in the place of others; and
#: how much of other reasons.
MOST_SAID, MOST_OF_REASON = 1_000_000, 100
LEFT_OUT = "Its warnings are left out of this long answer: `depesche show` has them."
WAITING = ItemFate("", "waiting", "", "it is in the spool")
FULL = UsageError("the spool is full: send it again when `depesche status` shows less work")


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
        self._copied = Copied(intake.spool)
        self._unpacking = Lately(lambda: intake.unpacker.portions.clock())  # noqa: PLW0108 -- they may change
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
        fates = {w.path: WAITING for w in once.values() if self._copied.waits(w)}
        new = [w for w in once.values() if w.path not in fates]
        turn = self._intake.unpacker.portions.turn()
        groups = deposit.grouped(new, _size, lambda w: w.relative, *self._limits)
        with turn.shared():
            for group in turn.those(groups):
                fates |= self._work(group)
        for group in groups:
            fates |= self._work(group, later=True)
        ends = {
            path: fates[once[found.file].path] if isinstance(found, PermittedFile) else found
            for path, found in answers.items()
        }
        return [{**asdict(fate), "path": path} for path, fate in _told(paths, ends)]

    def _permits(self) -> Permits:
        return Permits(self._intake.folders, self._allowed)

    def _work(self, group: Sequence[PermittedFile], *, later: bool = False) -> dict[str, ItemFate]:
        """One batch; the fate of each file by the path that was asked for.

        ``later``: it is only put into the spool, for those before it took long. Its containers go
        behind others' files then, and so they do where those of messages took long lately. What
        does needs room in the spool; else the files stay where they are.
        """
        holds = any(is_named_so(permitted.relative) for permitted in group)
        behind = later or (holds and self._unpacking.seconds() > ENOUGH)
        if behind and len(self._intake.spool) >= self._spool_batches:
            return {permitted.path: refused(permitted.path, FULL) for permitted in group}
        with self._intake.spool.filling() as batch:
            if behind:
                batch.postpone()
            looks = {w: look_of(w) for w in group if not w.in_inbox}
            lost = self._take_all(batch, group)
            failpoint.reach("senders.took")
            renamed = self._intake.keep_apart(batch)
            places = {w.path: path_now(w.relative, renamed) for w in group if w.path not in lost}
            done = {fate.path: fate for fate in ([] if later else self._worked(batch))}
            copies = {places[w.path]: (w, look) for w, look in looks.items() if w.path in places}
            self._copied.note(batch, copies)
        fates = {path: done.get(printable_path(below), WAITING) for path, below in places.items()}
        return fates | lost

    def _worked(self, batch: Batch) -> list[ItemFate]:
        return self._intake.owned(batch, unpacking=self._unpacking.taken())

    def _take_all(self, batch: Batch, group: Sequence[PermittedFile]) -> dict[str, ItemFate]:
        """The fates of those that cannot be taken."""
        lost: dict[str, ItemFate] = {}
        for permitted in group:
            try:
                self._take(batch, permitted)
            except (OSError, UsageError, ArticleFault) as error:
                lost[permitted.path] = refused(permitted.path, error)
        return lost

    def _take(self, batch: Batch, permitted: PermittedFile) -> None:
        """By the open folder that is permitted, name by name: no link since the look leads out."""
        if permitted.in_inbox:
            deposit.claim(batch, permitted.file, permitted.relative)
            return
        try:
            most = most_bytes(permitted.relative, self._intake.max_file_bytes)
            large = most > self._intake.max_file_bytes
            with self._unpacking.taken() if large else nullcontext():
                deposit.copy(batch, permitted.file, permitted.relative, most)
        except beneath.TooLarge as error:
            raise UsageError(too_large(error.size, most).reason) from error


def _told(paths: Sequence[str], ends: Mapping[str, ItemFate]) -> Iterator[tuple[str, ItemFate]]:
    """Each path once with what became of it: a file may be named by any number of them.

    With all that is said of it where that has room in an answer, which Redis is to keep.
    """
    left = MOST_SAID
    for path in dict.fromkeys(paths):
        fate = ends[path]
        said = sum(map(len, (fate.reason, *fate.warnings)))
        if said > left:
            warnings = (LEFT_OUT,) if fate.warnings else ()
            fate, said = replace(fate, warnings=warnings, reason=fate.reason[:MOST_OF_REASON]), 0
        left -= said
        yield path, fate


def _size(permitted: PermittedFile) -> int:
    """Of no matter where it is gone: that is told when it is taken."""
    status = beneath.status(*beneath.split(permitted.file, permitted.relative))
    return status.st_size if status else 0
