"""Where else an article is whose last file went from a mirror: there it is read again.

A copy has no document of its own: that of the first file stands for it, in whatever place it lies.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from extraction.formats.identity import os_path_of
from worker.folders import Folders
from worker.mirror.mirrors import Mirror, Mirrors
from worker.reconcile.publisher import TaskPublisher
from worker.spool import deposit
from worker.spool.ledger import Ledger
from worker.spool.settle import archived_as
from worker.spool.spool import Spool

log = structlog.get_logger()

AT_ONCE = 64


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Knows the other mirrors, and by the ledger the archive.

    Where that cannot tell, ``depesche verify --repair`` does.
    """

    folders: Folders
    mirrors: Mirrors
    spool: Spool
    ledger: Ledger
    publisher: TaskPublisher

    def read_again(self, mirror: Mirror, ids: Sequence[str]) -> None:
        """Have all other files of these articles read again; done twice, they are duplicates."""
        for other in self.mirrors.all():
            if other.name != mirror.name:
                with suppress(FileNotFoundError), other.opened() as state:
                    state.again(path for id_ in ids for path in state.paths_of(id_))
        files = self._archived(ids)
        for start in range(0, len(files), AT_ONCE):
            self._send(files[start : start + AT_ONCE])

    def digests_of(self, ids: Sequence[str]) -> dict[str, set[str]]:
        """The digests (SHA-256) of the files of these articles, as far as the ledger knows.

        Raises what SQLite does: nothing is joined then.
        """
        found = dict[str, set[str]]()
        for row in self.ledger.of_documents(ids):
            found.setdefault(row.id, set()).add(row.sha256)
        return found

    def _archived(self, ids: Sequence[str]) -> list[Path]:
        try:
            rows = self.ledger.of_documents(ids)
        except (sqlite3.Error, OSError):
            return []
        told = ((os_path_of(row.path), row.sha256) for row in rows if row.path and row.sha256)
        places = (archived_as(self.folders, *each) for each in told)
        return sorted({place for place in places if place})

    def _send(self, files: Sequence[Path]) -> None:
        archive = self.folders.archive
        with self.spool.filling() as batch:
            deposit.reread(batch, archive, {str(f.relative_to(archive)): () for f in files})
        self.publisher.intake(batch.name)
        log.info("mirror.archived_read_again", batch=batch.name, files=len(files))
