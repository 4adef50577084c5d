"""What is ready goes from the inbox into a batch of the spool, and intake is told."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass

import structlog

from extraction.formats.identity import printable_path
from worker import failpoint
from worker.inbox.in_vain import InVain
from worker.inbox.inbox import InboxFile
from worker.meter import Meter
from worker.reconcile.publisher import TaskPublisher
from worker.spool import deposit
from worker.spool.spool import Batch, Spool

log = structlog.get_logger()

#: Files of one look that the log names as refused: anybody can have any number.
TOLD = 100


@dataclass(frozen=True, slots=True)
class Claiming:
    """Claims groups of files, each as one batch; ``wake`` is set with each."""

    spool: Spool
    publisher: TaskPublisher
    in_vain: InVain
    wake: threading.Event
    meter: Meter

    def claim(self, group: list[InboxFile]) -> int:
        """As many of a group as can be had; how many. What claims none leaves no batch behind."""
        with self.spool.filling() as batch:
            claimed = sum(self._take(batch, file) for file in group)
            if not claimed:
                batch.close()
                return 0
            failpoint.reach("watch.claimed")
        self.wake.set()
        failpoint.reach("watch.released")
        self.publisher.intake(batch.name)
        failpoint.reach("watch.notified")
        self.meter.articles("claimed", claimed)
        log.info("batch.claimed", batch=batch.name, files=claimed)
        return claimed

    def _take(self, batch: Batch, file: InboxFile) -> bool:
        inode = file.seen.inode
        if self.in_vain.has(inode, time.time()):
            return False  # under another name of the same group
        try:
            deposit.claim(batch, file.path, file.relative)
            failpoint.reach("watch.took")
        except FileNotFoundError:
            self.in_vain.vanished(inode)
            return False
        except OSError as error:
            if self.in_vain.refused(inode, time.time()) <= TOLD:
                log.error("file.refused", path=printable_path(file.relative), error=str(error))
            return False
        log.debug("file.claimed", path=printable_path(file.relative), batch=batch.name)
        return True
