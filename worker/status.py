"""Where everything stands: read from disk, from Elasticsearch and from Redis, changing nothing."""

from __future__ import annotations

import os
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from extraction.errors import DepescheError
from extraction.identity import printable_path
from indexing import states
from indexing.connect import server_version
from worker.folders import Folders
from worker.house import House
from worker.inbox import Scan
from worker.naming import REASON
from worker.settle import reason_of
from worker.spool import Spool

REASONS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A file in ``failed/``: where, why, at which stage, when, and what to do."""

    path: str
    error: str
    stage: str
    time: str
    advice: str


@dataclass(slots=True)
class Status:
    """Counts of files by place and of documents by state; what is away is None and in services."""

    services: dict[str, str] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)
    fates: dict[str, int] = field(default_factory=dict)
    queues: dict[str, int] | None = None
    documents: dict[str, int] | None = None
    per_second: dict[str, float] | None = None
    seconds_left: float | None = None
    failures: dict[str, int] = field(default_factory=dict)
    failed_files: list[FailedFile] = field(default_factory=list)
    left_alone: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return asdict(self)


def read(house: House) -> Status:
    """Look everywhere; a service that is away costs only its own part of the answer."""
    status = Status()
    _disk(status, house.folders, house.spool)
    status.fates = house.ledger.counts()
    _redis(status, house)
    _elasticsearch(status, house)
    return status


def _disk(status: Status, folders: Folders, spool: Spool) -> None:
    scan = Scan(folders.inbox, time.time())
    failed = failed_files(folders)
    status.files = {
        "inbox": sum(1 for _ in scan.files()),
        "spool": sum(len(batch.files()) for batch in spool.batches()),
        "archive": sum(len(names) for _, _, names in os.walk(folders.archive)),
        "failed": len(failed),
    }
    status.left_alone = {printable_path(path): kind for path, kind in scan.odd.items()}
    status.failed_files = failed[:REASONS_SHOWN]


def failed_files(folders: Folders) -> list[FailedFile]:
    """Every file in ``failed/`` with its reason, by path."""
    return [
        _failed(folders, path)
        for path in sorted(folders.failed.rglob("*"))
        if path.is_file() and not path.name.endswith(REASON)
    ]


def _failed(folders: Folders, path: Path) -> FailedFile:
    reason = reason_of(path)
    return FailedFile(
        printable_path(str(path.relative_to(folders.failed))),
        *(str(reason.get(key, "")) for key in ("error", "stage", "time", "advice")),
    )


def _redis(status: Status, house: House) -> None:
    try:
        status.queues = house.queues.lengths()
        status.services["redis"] = "answers"
    except DepescheError as error:
        status.services["redis"] = f"away: {error}"


def _elasticsearch(status: Status, house: House) -> None:
    try:
        version = server_version(house.client)
        counts = states.counts(house.client, house.settings.index)
    except DepescheError as error:
        status.services["elasticsearch"] = f"away: {error}"
        return
    status.services["elasticsearch"] = f"answers ({version})"
    status.documents = {
        "total": counts.total,
        "pending": counts.pending,
        "enriched": counts.enriched,
        "failed": counts.failed,
    }
    rate = counts.enriched_last_minute / 60
    status.per_second = {"indexed": counts.indexed_last_minute / 60, "enriched": rate}
    status.seconds_left = counts.pending / rate if rate else (0.0 if not counts.pending else None)
    status.failures = dict(counts.failures)
