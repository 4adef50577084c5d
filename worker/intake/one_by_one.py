"""What ended its process is found: after a death each file of the batch is tried by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from articles.errors import DepescheError
from extraction.containers.member import Kind
from worker import failpoint
from worker.intake.batch_reader import BatchReader
from worker.intake.containers import not_at_first
from worker.intake.fates import ItemFate, later
from worker.intake.members import NotAtFirst
from worker.intake.parting import Parting
from worker.intake.reading import ADVICE, ReadFile
from worker.intake.taking_in import Looks, TakingIn
from worker.intake.turn import Turn
from worker.spool import attempts, unpacked
from worker.spool.settle import Reason
from worker.spool.spool import Batch, SpooledFile

LOOKED = "See to what other programs have written under its path, then `depesche retry` it."


@dataclass(frozen=True, slots=True)
class Counted:
    """The look which article a file is, that was read alone: a death in there is counted."""

    known: Looks

    def look(self, batch: Batch, reads: Sequence[ReadFile]) -> list[ReadFile]:
        """As any. Raises ``ServiceUnavailable``, likewise."""
        (read,) = reads
        with attempts.unless_it_ends(batch.looks, read.file.relative):
            return self.known.look(batch, reads)


@dataclass(frozen=True, slots=True)
class OneByOne:
    """Works the files of a batch that a process has died over."""

    parting: Parting
    reading: BatchReader
    taking_in: TakingIn

    def work(
        self, batch: Batch, turn: Turn
    ) -> tuple[list[tuple[SpooledFile, Kind]], list[ItemFate]]:
        """The containers, and the fates of the others, each read alone.

        To look what a file is may have ended the process, too: its try begins with that. What is
        not begun in the ``turn`` waits.
        """
        containers: list[tuple[SpooledFile, Kind]] = []
        fates: list[ItemFate] = []
        faulty, pages = unpacked.faults(batch.faults), self.parting.pages(batch)
        in_order = iter(_least_tried_first(batch, batch.files()))
        for file in turn.those(in_order):
            spent = _spent(batch, file.relative)
            if not spent:
                attempts.count(batch.attempts, file.relative)
            try:
                is_none = spent or file.relative in faulty
                kind = None if is_none else self.parting.kind(batch, file, turn, pages)
            except NotAtFirst:
                attempts.count(batch.survived, file.relative)
                fates.append(not_at_first(batch, file, turn))
                continue
            if kind:
                attempts.count(batch.survived, file.relative)
                containers.append((file, kind))
            else:
                fates += self._alone(batch, file, turn, spent=spent)
        return containers, [*fates, *map(later, in_order)]

    def _alone(
        self, batch: Batch, file: SpooledFile, turn: Turn, *, spent: Reason | None
    ) -> list[ItemFate]:
        """Read a file whose try is counted; one that has had its three fails.

        Once it is read, the try tells no longer: to be killed while Elasticsearch hangs is no
        file's fault, unless it is so again and again while it is looked up which article it is. An
        error that nobody has foreseen may be: it counts as a death.
        """
        if spent:
            return self.taking_in.ends.settle(batch, [(ReadFile(file, fault=spent), None)])
        failpoint.reach("intake.counted")
        reads = self.reading.read_all(batch, [file], turn)
        attempts.count(batch.survived, file.relative)
        try:
            return self._counted().take_in(batch, reads)
        except (DepescheError, OSError):
            raise
        except Exception:
            attempts.count(batch.attempts, file.relative)
            raise

    def _counted(self) -> TakingIn:
        return replace(self.taking_in, known=Counted(self.taking_in.known))


def _spent(batch: Batch, relative: str) -> Reason | None:
    """Why a file is tried no more, if so."""
    if attempts.cut_short(batch.attempts, batch.survived, relative) >= attempts.LIMIT:
        error = f"it ended the process that read it, {attempts.LIMIT} times"
        return Reason(error, "parse", ADVICE)
    if (times := attempts.counted(batch.looks).get(relative, 0)) >= attempts.MOST_LOOKS:
        error = "it was looked up which article it is, and that ended the process"
        return Reason(f"{error} {times} times", "index", LOOKED)
    return None


def _least_tried_first(batch: Batch, files: Sequence[SpooledFile]) -> list[SpooledFile]:
    """So that a file which ends the process again and again keeps no other one waiting."""
    tries = attempts.counted(batch.attempts)
    return sorted(files, key=lambda file: tries.get(file.relative, 0))
