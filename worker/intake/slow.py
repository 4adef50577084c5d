"""A container of many members that take long to be read is given up.

Each part of it has its turns, and each member may have its reader's whole time: a few kilobytes
cost minutes of the processor. What is quick is read before, so that nothing of it is lost.
Scans take long by nature, and do not count.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from extraction.ocr.scans import BY_OCR
from worker.intake.reading import ReadFile
from worker.spool import unpacked
from worker.spool.spool import Batch, Spool

#: So many may be, and above it one in so many of its members.
MOST, ONE_IN = 10, 20
#: Seconds that a file may take, by the clock, and one more for so many bytes.
_OF_FILE, _BYTES_OF_SECOND = 10.0, 32_768
IN_IT = "Many files in it take long to be read: {:,} so far. The rest was not looked at."
BESIDE = "Many files of its container take long to be read: {:,} did, and this one may."
ADVICE = "Drop those that you need by themselves."


def is_slow(read: ReadFile) -> bool:
    """Whether it took longer than a file may, in seconds for its size; in vain it counts not."""
    if read.later:
        return False
    if read.article and any(said.startswith(BY_OCR) for said in read.article.source.warnings):
        return False
    size = read.look.size if read.look else 0
    return read.seconds > _OF_FILE + size / _BYTES_OF_SECOND


def is_given_up(slow: int, members: int) -> bool:
    """The rule, of a container of which so many members came so far."""
    return slow >= MOST and slow * ONE_IN > members


@dataclass(frozen=True, slots=True)
class SlowMembers:
    """Counts them in the spool: a byte for each, beside the outermost container or, where that is
    gone, beside what is left of its members.
    """

    spool: Spool

    def note(self, batch: Batch, reads: Iterable[ReadFile]) -> None:
        """Count those that were read out of a batch of members."""
        if count := sum(map(is_slow, reads)):
            handle = os.open(self._place(batch), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "ab") as file:
                file.write(b"." * count)

    def of_batch(self, batch: Batch) -> int:
        """How many there are in the container of these members, if it is given up; else 0."""
        slow = _counted(self._place(batch))
        return slow if slow >= MOST and is_given_up(slow, self._members(batch)) else 0

    def of_container(self, batch: Batch, key: str, members: int) -> int:
        """The same of a container in a batch of which so many came so far."""
        if batch.depth:
            return self.of_batch(batch)
        slow = _counted(batch.folder / f"slow-{key}")
        return slow if is_given_up(slow, members) else 0

    def _members(self, batch: Batch) -> int:
        """How many came of the outermost container so far; 0 where that is gone."""
        key, first = batch.name.split("-")[2], Batch(self.spool.folder / batch.first)
        told = unpacked.all_progress(first.unpacked).values()
        return sum(each.members for each in told if each.key == key)

    def _place(self, batch: Batch) -> Path:
        first = self.spool.folder / batch.first
        folder = first if first.is_dir() else batch.folder
        return folder / f"slow-{batch.name.split('-')[2]}"


def _counted(place: Path) -> int:
    return place.stat().st_size if place.exists() else 0
