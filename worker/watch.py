"""The watcher: claim what is ready in the inbox into spool batches, and ring."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import structlog
import watchfiles

from extraction.identity import printable_path
from worker import deposit, lease
from worker.doorbell import Doorbell
from worker.folders import Folders
from worker.inbox import Found, Scan
from worker.readiness import Seen, Still, observe, ready
from worker.spool import Batch, Spool

log = structlog.get_logger()

RESCAN_SECONDS = 1.0
RECHECK_SECONDS = 0.05


class Watcher:
    """Holds what the last scan saw of files that were not ready; everything else is on disk."""

    def __init__(
        self,
        folders: Folders,
        doorbell: Doorbell,
        *,
        quiet: float,
        quiet_unproven: float,
        batch_files: int,
        batch_bytes: int,
        spool_batches: int,
    ) -> None:
        self._folders = folders
        self._spool = Spool(folders.spool)
        self._doorbell = doorbell
        self._quiet = quiet
        self._quiet_unproven = quiet_unproven
        self._batch_files = batch_files
        self._batch_bytes = batch_bytes
        self._spool_batches = spool_batches
        self._waiting: dict[str, Still] = {}
        self._refused: dict[str, Seen] = {}

    @property
    def waiting(self) -> int:
        """How many files the last scan found that were not ready."""
        return len(self._waiting)

    def scan(self) -> int:
        """One look: claim all that is ready, as far as the spool has room; how many were."""
        if not self._folders.inbox.is_dir():
            self._folders.prepare()
        scan = Scan(self._folders.inbox, time.time())
        groups = deposit.grouped(
            self._ready(scan), lambda f: f.seen.size, self._batch_files, self._batch_bytes
        )
        room = max(0, self._spool_batches - len(self._spool))
        return sum(self._claim(group) for group in islice(groups, room))

    def _ready(self, scan: Scan) -> Iterator[Found]:
        """The files that may be claimed. What is not ready is remembered for the next look."""
        before, waiting = self._waiting, {}
        for found in scan.files():
            if self._refused.get(found.relative) == found.seen:
                continue
            still = observe(before.get(found.relative), found.seen, scan.now)
            if ready(still, scan.now, _writer(found.path), self._quiet, self._quiet_unproven):
                yield found
            else:
                waiting[found.relative] = still
        self._waiting = waiting  # not reached where the spool was full: then the old ones count

    def _claim(self, group: list[Found]) -> int:
        batch = self._spool.new()
        with batch.owned():
            claimed = sum(self._take(batch, found) for found in group)
            if not claimed:
                batch.close()
                return 0
        self._doorbell.intake(batch.name)
        log.info("batch.claimed", batch=batch.name, files=claimed)
        return claimed

    def _take(self, batch: Batch, found: Found) -> bool:
        try:
            deposit.claim(batch, found.path, found.relative)
        except FileNotFoundError:
            return False  # its owner took it away again
        except OSError as error:
            self._refused[found.relative] = found.seen
            log.error("file.refused", path=printable_path(found.relative), error=str(error))
            return False
        return True


def _writer(path: Path) -> bool | None:
    try:
        return lease.open_writer(path)
    except OSError:
        return None


def watch(watcher: Watcher, inbox: Path, stop: threading.Event, *, poll: bool) -> None:
    """Scan whenever something happens in the inbox, and at least every second, until stopped."""
    wake = threading.Event()
    if not poll:
        threading.Thread(target=_listen, args=(inbox, wake, stop), daemon=True).start()
    while not stop.is_set():
        wake.clear()
        try:
            watcher.scan()
        except OSError as error:
            log.error("watch.trouble", error=str(error))
        wake.wait(RECHECK_SECONDS if watcher.waiting and not poll else RESCAN_SECONDS)


def _listen(inbox: Path, wake: threading.Event, stop: threading.Event) -> None:
    """Turn file-system events into wake-ups; start again where the inbox was replaced."""
    while not stop.is_set():
        try:
            for _ in watchfiles.watch(
                inbox,
                watch_filter=None,
                debounce=100,
                step=20,
                stop_event=stop,
                rust_timeout=5000,
                yield_on_timeout=True,
                raise_interrupt=False,
            ):
                wake.set()
                if not inbox.is_dir():
                    break
        except (OSError, RuntimeError) as error:
            log.warning("watch.events_away", error=str(error), still="the rescan goes on")
        stop.wait(RESCAN_SECONDS)
