"""Which files in the archive belong to a document: those of all its versions, and of its copies.

The one place that says so: showing a version reads one of them, withdrawing an article takes all.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from articles.article import Version
from indexing.writing.versions import every
from worker.folders import Folders
from worker.intake.copies import told_of
from worker.spool.ledger import Entry, Ledger

_EVER = datetime.min.replace(tzinfo=UTC)


def file_of(folders: Folders, version: Version) -> Path | None:
    """Where the bytes of a version lie in the archive; None where they are not there."""
    return told_of(folders, version.path, version.sha256, version.bytes)


def kept_files(
    folders: Folders, id_: str, document: Mapping[str, Any], ledger: Ledger | None = None
) -> list[Path]:
    """Return the archived files of a document, given as its ``_source``, each once.

    With a ``ledger`` those of its copies too, as far as that knows of them: other files with one of
    its texts, for which no document stands but this. A copy that the ledger has no row of (it was
    broken or deleted) is found by reading the archive alone, as ``verify`` does.
    """
    own = (file_of(folders, version) for version in every(document))
    copies = (told_of(folders, row.path, row.sha256) for row in _copies(ledger, id_))
    return list(dict.fromkeys(path for path in (*own, *copies) if path))


def _copies(ledger: Ledger | None, id_: str) -> Iterator[Entry]:
    if ledger is None:
        return
    try:
        yield from ledger.duplicates(id_, _EVER)
    except (sqlite3.Error, OSError):
        return
