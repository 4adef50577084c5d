"""What cannot be read: its disk is at fault where that gives nothing back, and else it alone.

Somebody may have taken away the key of a file of his own (fscrypt), or have written it so that its
checksum is wrong (btrfs); a sector may be bad. What is so alone keeps no place of the spool from
others, and fails after ten minutes: a move needs no reading, and ``depesche retry`` brings it back.
Where the disk is away everything waits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace

from extraction.formats.identity import printable_path
from worker import beneath
from worker.intake.reading import ADVICE, ReadFile
from worker.spool.disk import answers
from worker.spool.settle import Reason
from worker.spool.spool import Batch, SpooledFile

#: How the reason begins.
ALONE = "it alone cannot be read, for its disk gives back others"


def told_apart(
    batch: Batch,
    reads: Sequence[ReadFile],
    why: Callable[[SpooledFile], str],
    *,
    overdue: bool,
) -> list[ReadFile]:
    """The same, where the disk answers and a file alone cannot be read with words that say so.

    ``why``: why it cannot be read once more; "" where it can: then the disk was away for a moment,
    and it waits. An ``overdue`` one fails.
    """
    if not any(read.trouble for read in reads) or not answers(batch.folder):
        return list(reads)
    return [_alone(read, why, overdue=overdue) if read.trouble else read for read in reads]


def _alone(read: ReadFile, why: Callable[[SpooledFile], str], *, overdue: bool) -> ReadFile:
    if not (said := why(read.file)):
        return read
    said = words(read.file, said)
    if overdue:
        return replace(read, trouble="", fault=Reason(said, "read", ADVICE))
    return replace(read, trouble=said)


def words(file: SpooledFile, said: str) -> str:
    """Why such a file waits, with its path and whose it is; ``said``: what the system says."""
    whose = ""
    with suppress(OSError):
        status = beneath.status(*beneath.split(file.path, file.relative))
        whose = f", of uid {status.st_uid}" if status else ""
    return f"{ALONE} ({printable_path(file.relative)}{whose}): {said}"
