"""Intake: the files of one batch into Elasticsearch, then each to its end on disk.

The order is the safeguard. A file moves only after its document is confirmed; whatever is cut
short leaves the file in the spool, and doing it again finds the document by its id.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

import structlog
from elasticsearch import Elasticsearch
from structlog.contextvars import bound_contextvars

from extraction.confined.limits import NORMAL, Limits
from extraction.formats.published import DEFAULT_ZONE
from worker import failpoint
from worker.folders import Folders
from worker.intake.assets import Assets
from worker.intake.batch_reader import BatchReader
from worker.intake.batches import Batches
from worker.intake.claimed import Claims
from worker.intake.containers import Containers
from worker.intake.continued import Continued
from worker.intake.copies import Copies
from worker.intake.documents import Documents
from worker.intake.ends import Ends
from worker.intake.fates import TAKEN, ItemFate, is_of_its_sender, later
from worker.intake.known import Known
from worker.intake.mirrored import Mirrored
from worker.intake.one_by_one import OneByOne
from worker.intake.parting import Parting
from worker.intake.reading import FIRST, FileReader
from worker.intake.refusing import Refusing
from worker.intake.same_path import SamePath
from worker.intake.second_look import SecondLooks
from worker.intake.shares import Shares
from worker.intake.slow import SlowMembers
from worker.intake.taking_in import TakingIn
from worker.intake.turn import ENDLESS
from worker.intake.unpack import Portions, Unpacker
from worker.meter import Meter
from worker.mirror.apart import keep_apart
from worker.mirror.mirrors import Mirrors
from worker.reconcile.publisher import TaskPublisher
from worker.site import NOWHERE, Site
from worker.spool import deposit, unpacked
from worker.spool.ledger import Ledger
from worker.spool.settings_by_hand import NAME as BY_HAND
from worker.spool.settings_by_hand import SettingsByHand
from worker.spool.spool import Batch, Spool, SpooledFile
from worker.spool.tombstones import Tombstones
from worker.spool.tombstones_file import NAME

log = structlog.get_logger()

_NOTHING = nullcontext()


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
        self.unpacker = Unpacker(folders, self.spool, self.ledger, portions or Portions(), leases)
        self.assets = Assets(folders, self.spool)
        self._publisher = publisher
        self._enrich_batch = enrich_batch
        meter = meter or Meter()
        shares = Shares(self.spool, lambda: self.unpacker.portions.clock())  # noqa: PLW0108 -- they may change
        self._batches = Batches(self.spool, shares, publisher, self.owned)
        reader = FileReader(max_file_bytes, leases, zone, limits)
        self._reading = BatchReader(reader, self.assets, SlowMembers(self.spool), meter)
        claims = Claims(folders, self.ledger)
        refusing = Refusing(folders, Tombstones(folders.data / NAME), claims)
        copies = Copies(folders, self.spool, self.ledger, publisher)
        continued = Continued(folders, client, index, copies, site)
        same_path = SamePath(folders, client, index, claims)
        self._mirrored = Mirrored(Mirrors(folders), client, index)
        by_hand = SettingsByHand(folders.data / BY_HAND)
        known = Known(refusing, continued, same_path, self._mirrored, by_hand)
        documents = Documents(client, index, continued, by_hand, site)
        knows = refusing, continued, self._mirrored
        ends = Ends(folders, self.ledger, meter, *knows, SecondLooks(folders, publisher))
        self._taking_in = TakingIn(self.spool, known, documents, ends, meter)
        self._containers = Containers(folders, self.ledger, meter, self._mirrored)

    def batch(self, name: str, *, before_others: bool = False) -> list[ItemFate]:
        """Work the batch of that name, or others in its place: see ``Batches.batch``."""
        self.unpacker.kept_open.let_go()
        return self._batches.batch(name, before_others=before_others)

    def members(self, batch: Batch, *, more: bool) -> list[ItemFate]:
        """Work members of a container that is worked: what is left of them goes on alone."""
        fates = self.owned(batch, more=more)
        self._batches.goes_on(batch, fates)
        return fates

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
                one_by_one = OneByOne(self._parting, self._reading, self._taking_in)
                containers, fates = one_by_one.work(batch, turn)
            else:
                containers, files, waiting = self._parting.parted(batch, turn)
                reads = self._reading.read_all(batch, files, turn)
                fates = self._taking_in.take_in(batch, reads, more=more) + waiting
            work = self.unpacker, batch, containers, self.members, turn
            if is_first and containers and batch.postponed():
                fates += self._postponed(batch, [file for file, _ in containers])
            else:
                with unpacking:
                    fates += self._containers.fates(*work, died=died)
            self._finish(batch, fates)
        return fates

    @property
    def _parting(self) -> Parting:
        return Parting(self.unpacker, self.assets, self._reading.reader.limits.seconds)

    def _postponed(self, batch: Batch, containers: Sequence[SpooledFile]) -> list[ItemFate]:
        """In place of their first turn."""
        unpacked.has_turn(batch.turns, *(file.relative for file in containers))
        return [later(file) for file in containers]

    def keep_apart(self, batch: Batch) -> dict[str, str]:
        """Rename what is called like a mirror and is none of its files; old and new names."""
        return keep_apart(batch, self._mirrored.mirrors)

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
