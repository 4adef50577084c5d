"""Other files of an article whose document goes: one of them gets a document of its own.

A copy has no document: that of the first file stands for it. Where the first file went on, its
copies did not; they are put into the spool before the document goes, and worked after.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from extraction.formats.identity import printable_path
from indexing.writing.replace import MadeOf
from worker.folders import Folders
from worker.intake.former import WITHIN, claimed_since
from worker.intake.reading import ReadFile
from worker.intake.told import possible_path
from worker.reconcile.publisher import TaskPublisher
from worker.spool import deposit, settle
from worker.spool.ledger import Ledger
from worker.spool.spool import Batch, Spool


@dataclass(frozen=True, slots=True)
class Copies:
    """The ledger knows them; where it cannot tell, ``depesche verify --repair`` does."""

    folders: Folders
    spool: Spool
    ledger: Ledger
    publisher: TaskPublisher

    @contextmanager
    def put_back(self, old: MadeOf, relative: str) -> Iterator[None]:
        """Remove the document inside; ``relative`` is the path of the file that went on.

        Whatever is killed, they are in the archive still, and it is done again.
        """
        files = self._files(old, printable_path(relative))
        if not files:
            yield
            return
        with self.spool.filling() as batch:
            archive = self.folders.archive
            deposit.reread(batch, archive, {str(file.relative_to(archive)): () for file in files})
            yield
        self.publisher.intake(batch.name)

    def longer(self, batch: Batch, read: ReadFile) -> Iterator[tuple[str, Path]]:
        """Id and archived file of articles that came under a file's name a little later.

        Other bytes than its own. Their documents may tell of another file, whose copies they are.
        """
        relative, since = read.file.relative, batch.received
        try:
            path = printable_path(relative)
            rows = self.ledger.articles_under(path, since, since + WITHIN)
        except (sqlite3.Error, OSError):
            return
        others = (r for r in rows if r.batch != batch.name and r.sha256 != read.sha256)
        for row in others:
            if file := settle.archived_as(self.folders, relative, row.sha256):
                yield row.id, file

    def _files(self, old: MadeOf, but: str) -> list[Path]:
        try:
            rows = self.ledger.duplicates(old.id, claimed_since(old))
        except (sqlite3.Error, OSError):
            return []
        places = (told_of(self.folders, row.path, row.sha256) for row in rows if row.path != but)
        return sorted({place for place in places if place})


def told_of(folders: Folders, printable: str, sha256: str, size: int = 0) -> Path | None:
    """Where a file lies in the archive that a document or a row tells of, if it does.

    ``size`` is that of the file in bytes, where it is told.
    """
    path = possible_path(printable)
    return settle.archived_as(folders, path, sha256, size) if path else None
