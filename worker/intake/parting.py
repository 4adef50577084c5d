"""Which files of a batch hold many articles: they are unpacked, and the others are read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from extraction.containers.member import Kind
from extraction.processor import within
from worker.intake.assets import Assets, Pages
from worker.intake.containers import not_at_first
from worker.intake.fates import ItemFate, later
from worker.intake.members import NotAtFirst
from worker.intake.reading import ADVICE
from worker.intake.turn import Turn
from worker.intake.unpack import Unpacker
from worker.spool import unpacked
from worker.spool.in_turn import by_turns
from worker.spool.origin import sender_of
from worker.spool.spool import Batch, SpooledFile

#: Seconds of the processor to tell what a file is of whom there was one already that took long.
AFTER_HIS = 0.1

#: Containers, other files, and what became of those that wait.
Parted = tuple[list[tuple[SpooledFile, Kind]], list[SpooledFile], list[ItemFate]]


@dataclass(frozen=True, slots=True)
class Parting:
    """Tells what files are; ``seconds``: of the processor, for each at most."""

    unpacker: Unpacker
    assets: Assets
    seconds: float

    def parted(self, batch: Batch, turn: Turn) -> Parted:
        """The containers among its files, the others, and the fates of those that have to wait.

        What is faulty already is no container.
        """
        containers: list[tuple[SpooledFile, Kind]] = []
        files: list[SpooledFile] = []
        fates: list[ItemFate] = []
        faulty, turns = unpacked.faults(batch.faults), unpacked.turns(batch.turns)
        pages = self.pages(batch)
        in_order = iter(by_turns(batch.files(), turns, partial(sender_of, batch)))
        for file in turn.those(in_order):
            try:
                kind = None if file.relative in faulty else self.kind(batch, file, turn, pages)
            except NotAtFirst:
                fates.append(not_at_first(batch, file, turn))
                continue
            if kind:
                containers.append((file, kind))
            else:
                files.append(file)
        return containers, files, [*fates, *map(later, in_order)]

    def pages(self, batch: Batch) -> Pages | None:
        """Where pages of its files may lie; of a mirror's none does."""
        return None if batch.mirror() else self.assets.near(batch)

    def kind(self, batch: Batch, file: SpooledFile, turn: Turn, pages: Pages | None) -> Kind | None:
        """What kind of container a file is, if any; a part of a saved page is none.

        Nor is what takes longer to be told than an article may take. Raises ``NotAtFirst``.
        """
        try:
            with within(self._seconds(batch, file, turn), NotAtFirst("It takes long.", ADVICE)):
                if pages and pages.of(file.relative):
                    return None
                return self.unpacker.kind(file)
        except NotAtFirst:
            if turn.hurries:
                raise
            return None

    def _seconds(self, batch: Batch, file: SpooledFile, turn: Turn) -> float:
        """Of the processor, to tell what a file is."""
        if turn.had_his(partial(sender_of, batch, file)):
            return AFTER_HIS
        return min(self.seconds, turn.each)
