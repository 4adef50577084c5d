"""Which claims of documents to be known by a key (``known_as``) are believed.

Who may write documents can have one claim any key, and would get the texts that come by it. The
ledger knows which articles have had a document of their own; one that was joined to another since,
as files of mirrors are, has none in the archive.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass

import structlog

from worker.folders import Folders
from worker.intake.copies import told_of
from worker.spool.ledger import Ledger

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Claims:
    """Where the ledger cannot tell, the documents are believed."""

    folders: Folders
    ledger: Ledger

    def believed(self, known: Mapping[str, str]) -> dict[str, str]:
        """Of the ids of documents, by the key that each claims, those that may have it."""
        claimed = [key for key, id_ in known.items() if key != id_]
        forged = self._of_their_own(claimed) if claimed else set()
        for key in forged:
            log.warning("file.claimed_by_another", id=key, by=known[key])
        return {key: id_ for key, id_ in known.items() if key not in forged}

    def _of_their_own(self, keys: list[str]) -> set[str]:
        """Keys of which the archive has the file that their own documents were made of."""
        try:
            rows = [row for row in self.ledger.of_documents(keys) if row.fate == "indexed"]
        except (sqlite3.Error, OSError):
            return set()
        return {row.id for row in rows if told_of(self.folders, row.path, row.sha256)}
