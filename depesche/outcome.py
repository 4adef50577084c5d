"""What became of the files of a batch that is done: the ledger tells, or else the disk."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Literal

from extraction.formats.identity import printable_path

if TYPE_CHECKING:
    from worker.container import Container
    from worker.folders import Folders
    from worker.spool.ledger import Entry

Fate = Literal[
    "indexed", "duplicate", "corrected", "unpacked", "asset", "failed", "withdrawn", "waiting"
]
#: Path, fate, id and reason.
Outcome = tuple[str, Fate, str, str]

UNRECORDED = "the ledger has no record of it (`depesche status` says why)"


def outcomes(container: Container, batch: str, names: Sequence[str]) -> list[Outcome]:
    """The fate of each file, by its path below the inbox.

    The ledger is a record that may be lost. Then a file in ``failed/`` has failed, for the reason
    beside it, and one in the archive is indexed; whether as a duplicate nobody knows any more.
    """
    told: dict[str, Outcome] = {
        entry.path: (entry.path, entry.fate, entry.id, entry.reason)
        for entry in _rows(container, batch)
    }
    by_path = {printable_path(name): name for name in names}
    return [
        told.get(path) or _from_disk(container.folders, path, name)
        for path, name in sorted(by_path.items())
    ]


def members(container: Container, batch: str, outcome: Outcome) -> dict[str, int]:
    """How many members of a file of many articles have each fate, where the ledger tells."""
    path, fate, _, _ = outcome
    if fate == "unpacked":
        with suppress(sqlite3.Error, OSError):
            return container.ledger.members_of(batch, path)
    return {}


def _rows(container: Container, batch: str) -> list[Entry]:
    try:
        return container.ledger.of_batch(batch)
    except (sqlite3.Error, OSError):
        return []


def _from_disk(folders: Folders, path: str, name: str) -> Outcome:
    from worker.spool.naming import failed_path
    from worker.spool.settle import reason_of

    failed = folders.failed / failed_path(name)
    if failed.exists():
        return path, "failed", "", str(reason_of(failed).get("error", UNRECORDED))
    if (folders.withdrawn / name).exists():
        return path, "withdrawn", "", UNRECORDED
    if (folders.archive / name).is_dir():
        return path, "unpacked", "", UNRECORDED
    if (folders.archive / name).exists():
        return path, "indexed", "", UNRECORDED
    return path, "waiting", "", UNRECORDED
