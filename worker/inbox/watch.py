"""The watcher: one look at the inbox, which claims what is ready."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import islice

from worker.folders import Folders
from worker.inbox import lease
from worker.inbox.claiming import Claiming
from worker.inbox.in_vain import InVain
from worker.inbox.inbox import InboxFile, Scan
from worker.inbox.memory import Memory
from worker.inbox.not_ready import NotReady
from worker.inbox.readiness import most_needed, observe, ready
from worker.inbox.still import Still
from worker.meter import Meter
from worker.reconcile.publisher import TaskPublisher
from worker.spool import deposit
from worker.spool.spool import Spool, room

#: What is ready waits for others of its batch no longer than this, however long a look is.
SOON_SECONDS = 1.0


class Watcher:
    """Holds what the last scan saw of files that were not ready; everything else is on disk."""

    def __init__(
        self,
        folders: Folders,
        publisher: TaskPublisher,
        *,
        quiet: float,
        quiet_unproven: float,
        batch_files: int,
        batch_bytes: int,
        spool_batches: int,
        leases: bool = True,
        meter: Meter | None = None,
        wake: threading.Event | None = None,
    ) -> None:
        #: Called again and again during a scan, which may take long: that it goes on.
        self.turned: Callable[[], object] = _nothing
        self._folders = folders
        self._spool = Spool(folders.spool)
        self._quiet = quiet
        self._quiet_unproven = quiet_unproven
        self._batch_files = batch_files
        self._batch_bytes = batch_bytes
        self._spool_batches = spool_batches
        self._not_ready = NotReady()
        self._still = Still(most_needed(quiet, quiet_unproven))
        self._memory = Memory()
        self._in_vain = InVain()
        self.claiming = 0.0
        """Seconds of the last scan that went into claims."""
        self._leases = leases
        self._claiming = Claiming(
            self._spool, publisher, self._in_vain, wake or threading.Event(), meter or Meter()
        )

    @property
    def waiting(self) -> int:
        """How many files the last scan found that were not ready."""
        return self._not_ready.count

    def scan(self) -> int:
        """One look: claim all that is ready, as far as the spool has room; how many were."""
        self.claiming = 0.0
        if not self._folders.inbox.is_dir():
            self._folders.make_inbox_again()
        free = room(self._spool.batches(), self._spool_batches)
        if free <= 0:
            self._not_ready.count = 0
            return 0
        now, not_ready = time.time(), NotReady()
        self._in_vain.look(now)
        self._still.begin(now)
        groups = deposit.grouped(
            self._ready(Scan(self._folders.inbox, now), not_ready),
            lambda file: file.seen.size,
            lambda file: file.relative,
            self._batch_files,
            self._batch_bytes,
        )
        # What cannot be had takes no room: anybody can have any number of names that cannot.
        had = filter(None, map(self._timed_claim, groups))
        claimed = sum(islice(had, free))
        whole = self._not_ready is not_ready
        self._still.end(time.time(), whole=whole)
        if not whole:  # the look was cut off
            self._not_ready = not_ready.beside(self._not_ready)
        return claimed

    def _timed_claim(self, group: list[InboxFile]) -> int:
        start = time.monotonic()
        self.turned()
        claimed = self._claiming.claim(group)
        self.claiming += time.monotonic() - start
        return claimed

    def _ready(self, scan: Scan, not_ready: NotReady) -> Iterator[InboxFile | None]:
        """The files that may be claimed; None: those so far, now. What is not ready is remembered.

        Under none of its names it is.
        """
        since = 0.0
        for file in scan.files():
            self.turned()
            if since and time.monotonic() - since > SOON_SECONDS:
                since = 0.0
                yield None
            if self._may_be_claimed(file, not_ready):
                since = since or time.monotonic()
                yield file
        self._not_ready = not_ready  # not reached where the spool was full

    def _may_be_claimed(self, file: InboxFile, not_ready: NotReady) -> bool:
        now, inode = time.time(), file.seen.inode
        if inode in not_ready.known or self._in_vain.has(inode, now):
            return False
        pause = self._memory.pause(file.relative, now)
        before = self._not_ready.known.get(inode) or self._still.known(file.seen)
        observation = observe(before, file.seen, now, pause)
        writer = self._writer(file)
        if ready(observation, now, writer, self._quiet, self._quiet_unproven):
            self._memory.claimed(file.relative, observation, now)
            return True
        self._still.add(file.seen)
        not_ready.add(file.seen.owner, inode, replace(observation, held=writer is True))
        return False

    def _writer(self, file: InboxFile) -> bool | None:
        try:
            return lease.open_writer(file.path, file.relative) if self._leases else None
        except OSError:
            return None


def _nothing() -> None:
    """Nobody wants to know."""
