"""Intake: the files of one batch into Elasticsearch, then each to its end on disk.

The order is the safeguard. A file moves only after its document is confirmed; whatever is cut
short leaves the file in the spool, and doing it again finds the document by its id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

import structlog
from elasticsearch import Elasticsearch
from structlog.contextvars import bound_contextvars

from articles.errors import DepescheError, ServiceUnavailable
from extraction.confined.limits import NORMAL, Limits
from extraction.containers.member import Kind
from extraction.formats.published import DEFAULT_ZONE
from extraction.processor import within
from indexing.writing import write
from worker import failpoint
from worker.folders import Folders
from worker.intake.assets import Assets
from worker.intake.claimed import Claims
from worker.intake.containers import Containers, not_at_first
from worker.intake.continued import Continued
from worker.intake.copies import Copies
from worker.intake.documents import Documents
from worker.intake.ends import Ends
from worker.intake.fates import LATER, TAKEN, ItemFate, is_of_its_sender, later
from worker.intake.former import WITHIN
from worker.intake.members import NotAtFirst
from worker.intake.mirrored import Mirrored
from worker.intake.reading import ADVICE, FIRST, FileReader, ReadFile
from worker.intake.refusing import Refusing
from worker.intake.same_path import SamePath
from worker.intake.second_look import SecondLooks
from worker.intake.set_keys import by_set_keys
from worker.intake.shares import Shares
from worker.intake.slow import ADVICE as SINGLY
from worker.intake.slow import BESIDE, SlowMembers
from worker.intake.turn import ENDLESS, Turn
from worker.intake.unpack import SO_FAR, Portions, Unpacker
from worker.intake.unread import told_apart
from worker.meter import Meter
from worker.mirror.apart import keep_apart
from worker.mirror.mirrors import Mirrors
from worker.reconcile.publisher import TaskPublisher
from worker.site import NOWHERE, Site
from worker.spool import attempts, deposit, unpacked
from worker.spool.in_turn import by_turns
from worker.spool.ledger import Ledger
from worker.spool.origin import sender_of
from worker.spool.settings_by_hand import NAME as BY_HAND
from worker.spool.settings_by_hand import SettingsByHand
from worker.spool.settle import Reason
from worker.spool.spool import Batch, Spool, SpooledFile
from worker.spool.tombstones import Tombstones
from worker.spool.tombstones_file import NAME

log = structlog.get_logger()

#: Of so many batches in the spool each is one of the last: its own, and one at work beside it.
LAST = 2
#: Batches of others that are tried before the one whose message has come.
TRIED = 3
#: Seconds of the processor to tell what a file is of whom there was one already that took long.
AFTER_HIS = 0.1
_NOTHING = nullcontext()
LOOKED = "See to what other programs have written under its path, then `depesche retry` it."
IN_CONTAINER = "What it is lies in the container, in the archive. Mend it and drop it by itself."


class Intake:
    """Works batches. Holds no state of its own between them but the time of its last refresh."""

    def __init__(
        self,
        folders: Folders,
        client: Callable[[], Elasticsearch],
        index: str,
        publisher: TaskPublisher,
        *,
        max_file_bytes: int,
        enrich_batch: int,
        leases: bool = True,
        zone: str = DEFAULT_ZONE,
        limits: Limits = NORMAL,
        meter: Meter | None = None,
        portions: Portions | None = None,
        site: Site = NOWHERE,
    ) -> None:
        self.folders = folders
        self.spool = Spool(folders.spool)
        self.ledger = Ledger(folders.data / "ledger.sqlite")
        self.max_file_bytes = max_file_bytes
        self._publisher = publisher
        self._enrich_batch = enrich_batch
        self._meter = meter or Meter()
        self._reader = FileReader(max_file_bytes, leases, zone, limits)
        copies = Copies(folders, self.spool, self.ledger, publisher)
        self._continued = Continued(folders, client, index, copies, site)
        claims = Claims(folders, self.ledger)
        self._same_path = SamePath(folders, client, index, claims)
        self._by_hand = SettingsByHand(folders.data / BY_HAND)
        self._documents = Documents(client, index, self._continued, self._by_hand, site)
        self._refusing = Refusing(folders, Tombstones(folders.data / NAME), claims)
        self.unpacker = Unpacker(folders, self.spool, self.ledger, portions or Portions(), leases)
        self.assets = Assets(folders, self.spool)
        self._slow_members = SlowMembers(self.spool)
        self._shares = Shares(self.spool, lambda: self.unpacker.portions.clock())  # noqa: PLW0108 -- they may change
        self._mirrored = Mirrored(Mirrors(folders), client, index)
        knows = self._refusing, self._continued, self._mirrored
        self._ends = Ends(
            folders, self.ledger, self._meter, *knows, SecondLooks(folders, publisher)
        )
        self._containers = Containers(folders, self.ledger, self._meter, self._mirrored)

    def batch(self, name: str, *, before_others: bool = False) -> list[ItemFate]:
        """Work the batch of that name; nothing if it is done or somebody else works on it.

        Where it had its turn, one of whoever had less of the time goes on in its place
        (``shares.py``). ``before_others``: its message was; then it goes behind them first, whoever
        sent that.
        """
        self.unpacker.kept_open.let_go()
        batch = self.spool.batch(name)
        if batch is None:
            return []
        if before_others and batch.had_turn():
            self._publisher.intake(name, behind=True)
            return []
        if fates := self._of_others(batch):
            return fates
        fates = self._turn(batch) or []
        self._goes_on(batch, fates)
        return fates

    def _of_others(self, batch: Batch) -> list[ItemFate]:
        """What became of the batch that goes on before this one, if one came any further.

        This one's message is sent once more. What waits for a service or a disk would do so again,
        at once: of such ones only some are tried.
        """
        for other in self._shares.before(batch)[:TRIED]:
            try:
                fates = self._turn(other) or []
            except (OSError, DepescheError):  # that is told where it has its own message
                log.warning("batch.passed_over", batch=other.name, exc_info=True)
                continue
            if any(fate.fate != "waiting" or _is_put_off(fate) for fate in fates):
                self._goes_on(other, fates)
                self._publisher.intake(batch.name, behind=True)
                return fates
        return []

    def _turn(self, batch: Batch) -> list[ItemFate] | None:
        """The fates of a batch's files, None where somebody else works on it."""
        with batch.owned() as mine:
            if not mine:
                return None
            seconds = self._shares.seconds(batch) if batch.had_turn() else ENDLESS
            return self._shares.of(batch, partial(self.owned, batch, seconds=seconds))

    def members(self, batch: Batch, *, more: bool) -> list[ItemFate]:
        """The same of members of a container that is worked: what is left of them goes on alone."""
        fates = self.owned(batch, more=more)
        self._goes_on(batch, fates)
        return fates

    def _goes_on(self, batch: Batch, fates: Sequence[ItemFate]) -> None:
        """When others had their turn."""
        if any(map(_is_put_off, fates)):
            self._publisher.intake(batch.name, behind=True)

    def owned(
        self,
        batch: Batch,
        *,
        more: bool = False,
        seconds: float = ENDLESS,
        unpacking: AbstractContextManager[None] = _NOTHING,
    ) -> list[ItemFate]:
        """Work a batch that this process owns; ``more``: another one comes right behind it.

        The fates of its own files: those of members are counted in their container's. ``seconds``:
        how long a later turn is, and each file of it. ``unpacking``: what is around the work on
        containers.
        """
        with bound_contextvars(batch=batch.name), batch.working() as died:
            deposit.admit_claimed(batch)
            self.keep_apart(batch)
            is_first = not batch.had_turn()
            turn = self.unpacker.portions.turn(FIRST if is_first else seconds, seconds)
            if died:
                containers, fates = self._one_by_one(batch, turn)
            else:
                containers, files, waiting = self._parted(batch, turn)
                reads = self._read_all(batch, files, turn)
                fates = self._index_and_settle(batch, reads, more=more) + waiting
            work = self.unpacker, batch, containers, self.members, turn
            if is_first and containers and batch.postponed():
                fates += self._postponed(batch, [file for file, _ in containers])
            else:
                with unpacking:
                    fates += self._containers.fates(*work, died=died)
            self._finish(batch, fates)
        return fates

    def _postponed(self, batch: Batch, containers: Sequence[SpooledFile]) -> list[ItemFate]:
        """In place of their first turn."""
        unpacked.has_turn(batch.turns, *(file.relative for file in containers))
        return [later(file) for file in containers]

    def keep_apart(self, batch: Batch) -> dict[str, str]:
        """Rename what is called like a mirror and is none of its files; old and new names."""
        return keep_apart(batch, self._mirrored.mirrors)

    def _parted(
        self, batch: Batch, turn: Turn
    ) -> tuple[list[tuple[SpooledFile, Kind]], list[SpooledFile], list[ItemFate]]:
        """The containers among its files, the others, and the fates of those that have to wait.

        What is faulty already is no container.
        """
        containers: list[tuple[SpooledFile, Kind]] = []
        files: list[SpooledFile] = []
        fates: list[ItemFate] = []
        faulty, turns = unpacked.faults(batch.faults), unpacked.turns(batch.turns)
        in_order = iter(by_turns(batch.files(), turns, partial(sender_of, batch)))
        for file in turn.those(in_order):
            try:
                kind = None if file.relative in faulty else self._kind(batch, file, turn)
            except NotAtFirst:
                fates.append(not_at_first(batch, file, turn))
                continue
            if kind:
                containers.append((file, kind))
            else:
                files.append(file)
        return containers, files, [*fates, *map(later, in_order)]

    def _kind(self, batch: Batch, file: SpooledFile, turn: Turn) -> Kind | None:
        """What kind of container a file is, if any; a part of a saved page is none.

        Nor is what takes longer to be told than an article may take. Raises ``NotAtFirst``.
        """
        if self.assets.page(batch, file.relative):
            return None
        try:
            with within(self._seconds(batch, file, turn), NotAtFirst("It takes long.", ADVICE)):
                return self.unpacker.kind(file)
        except NotAtFirst:
            if turn.hurries:
                raise
            return None

    def _seconds(self, batch: Batch, file: SpooledFile, turn: Turn) -> float:
        """Of the processor, to tell what a file is."""
        if turn.had_his(partial(sender_of, batch, file)):
            return AFTER_HIS
        return min(self._reader.limits.seconds, turn.each)

    def _one_by_one(
        self, batch: Batch, turn: Turn
    ) -> tuple[list[tuple[SpooledFile, Kind]], list[ItemFate]]:
        """After a death: the containers, and the fates of the others, each read alone.

        To look what a file is may have ended the process, too: its try begins with that. What is
        not begun in the ``turn`` waits.
        """
        containers: list[tuple[SpooledFile, Kind]] = []
        fates: list[ItemFate] = []
        faulty = unpacked.faults(batch.faults)
        in_order = iter(_least_tried_first(batch, batch.files()))
        for file in turn.those(in_order):
            spent = _spent(batch, file.relative)
            if not spent:
                attempts.count(batch.attempts, file.relative)
            try:
                kind = None if spent or file.relative in faulty else self._kind(batch, file, turn)
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
            return self._ends.settle(batch, [(ReadFile(file, fault=spent), None)])
        failpoint.reach("intake.counted")
        reads = self._read_all(batch, [file], turn)
        attempts.count(batch.survived, file.relative)
        try:
            looking = attempts.unless_it_ends(batch.looks, file.relative)
            return self._index_and_settle(batch, reads, looking=looking)
        except (DepescheError, OSError):
            raise
        except Exception:
            attempts.count(batch.attempts, file.relative)
            raise

    def _read_all(self, batch: Batch, files: Sequence[SpooledFile], turn: Turn) -> list[ReadFile]:
        with self._meter.stage("intake.read"):
            overdue = abs(datetime.now(UTC) - batch.received) > WITHIN
            faults, turns = unpacked.faults(batch.faults), unpacked.turns(batch.turns)
            reads = self._reader.read_all(
                files,
                batch.received,
                turn=turn,
                turns=turns,
                sender=partial(sender_of, batch),
                archived=batch.reread(),
                overdue=overdue,
            )
            reads = told_apart(batch, reads, self._reader.why_unread, overdue=overdue)
            for read in reads:
                if read.slow and (read.seconds or read.file.relative not in turns):  # it was tried
                    unpacked.has_turn(batch.turns, read.file.relative)
            if batch.depth:
                reads = self._patiently(batch, reads)
            reads = [_with_fault(read, faults) for read in reads]
            return self.assets.look(batch, reads)

    def _patiently(self, batch: Batch, reads: Sequence[ReadFile]) -> list[ReadFile]:
        """Members as they were read; what takes long fails where its container is given up."""
        self._slow_members.note(batch, reads)
        if not (slow := self._slow_members.of_batch(batch)):
            return list(reads)
        fault = Reason(BESIDE.format(slow), "unpack", SINGLY)
        return [replace(r, later=False, fault=fault) if r.slow else r for r in reads]

    def _index_and_settle(
        self,
        batch: Batch,
        reads: Sequence[ReadFile],
        *,
        more: bool = False,
        looking: AbstractContextManager[None] = _NOTHING,
    ) -> list[ItemFate]:
        """``looking``: what is around the look which articles they are."""
        if not reads:
            return []
        failpoint.reach("intake.read")
        with self._meter.stage("intake.index"):
            last = not more and len(self.spool) <= LAST + batch.depth
            reads, fates = self._known_and_put(batch, reads, looking, last=last)
        with self._meter.stage("intake.settle"):
            return self._ends.settle(batch, list(zip(reads, fates, strict=True)))

    def _known_and_put(
        self,
        batch: Batch,
        reads: Sequence[ReadFile],
        looking: AbstractContextManager[None],
        *,
        last: bool,
    ) -> tuple[Sequence[ReadFile], Sequence[write.WriteResult | None]]:
        try:
            with looking:
                reads = by_set_keys(self._by_hand, self._known(batch, reads))
        except ServiceUnavailable as fault:  # nobody knows yet what they are: all of them wait
            return reads, [write.WriteResult("", "away", str(fault))] * len(reads)
        return reads, self._documents.put(batch, reads, last=last)

    def _known(self, batch: Batch, reads: Sequence[ReadFile]) -> list[ReadFile]:
        """The files as what they are known: withdrawn, parts, texts that come again, mirrored."""
        if batch.mirror():
            reads = self._same_path.look(batch, self._refusing.look(reads))
            # Once more, for the path tells which article it is: that may be withdrawn.
            return self._refusing.look(self._mirrored.look(batch, reads))
        reads = self._refusing.look(self._continued.look(batch, reads))
        return self._same_path.look(batch, reads)

    def _finish(self, batch: Batch, fates: Sequence[ItemFate]) -> None:
        """Publish for enrichment (the reconciler would too, later) and close the batch."""
        failpoint.reach("intake.settled")
        log.info("batch.indexed", **Counter[str](fate.fate for fate in fates))
        ids = list(dict.fromkeys(fate.id for fate in fates if fate.fate in TAKEN))
        for start in range(0, len(ids), self._enrich_batch):
            if not self._publisher.enrich(ids[start : start + self._enrich_batch]):
                break
        failpoint.reach("intake.notified")
        waiting = {fate.reason for fate in fates if fate.fate == "waiting"}
        batch.hold(bool(waiting) and all(map(is_of_its_sender, waiting)))
        batch.close()


def _spent(batch: Batch, relative: str) -> Reason | None:
    """Why a file is tried no more, if so."""
    if attempts.cut_short(batch.attempts, batch.survived, relative) >= attempts.LIMIT:
        error = f"it ended the process that read it, {attempts.LIMIT} times"
        return Reason(error, "parse", ADVICE)
    if (times := attempts.counted(batch.looks).get(relative, 0)) >= attempts.MOST_LOOKS:
        error = "it was looked up which article it is, and that ended the process"
        return Reason(f"{error} {times} times", "index", LOOKED)
    return None


def _is_put_off(fate: ItemFate) -> bool:
    """Whether it waits for others to have their turn, and for nothing else."""
    return fate.reason.endswith((SO_FAR, LATER))


def _least_tried_first(batch: Batch, files: Sequence[SpooledFile]) -> list[SpooledFile]:
    """So that a file which ends the process again and again keeps no other one waiting."""
    tries = attempts.counted(batch.attempts)
    return sorted(files, key=lambda file: tries.get(file.relative, 0))


def _with_fault(read: ReadFile, faults: Mapping[str, str]) -> ReadFile:
    """With what its container said of it, where it could not be had out of it."""
    said = faults.get(read.file.relative)
    if said is None or read.look is None:
        return read
    return replace(read, article=None, fault=Reason(said, "unpack", IN_CONTAINER))
