"""Where everything stands: read from disk, from Elasticsearch and from Redis, changing nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from articles.errors import DepescheError
from extraction.formats.identity import printable_path
from worker.care.failures import FailedFile, failed_files
from worker.care.progress import progress
from worker.container import Container
from worker.folders import Folders
from worker.inbox.inbox import Scan
from worker.inbox.left_alone import left_alone
from worker.spool.spool import Spool

REASONS_SHOWN = 20
#: Files in the archive that are counted each time; a million take seconds.
COUNTED = 100_000
MEBIBYTE = 1024 * 1024
LITTLE_DISK = 1024 * MEBIBYTE
#: A service that answers and takes no work.
HELD = "read-only"


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
    disk_free: int | None = None
    verdict: str = ""
    to_do: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return asdict(self)


def read(container: Container) -> Status:
    """Look everywhere; a service that is away costs only its own part of the answer."""
    status = Status()
    with suppress(sqlite3.Error):  # on a full disk it cannot even be read
        status.fates = container.ledger.counts()
    _disk(status, container.folders, container.spool)
    _redis(status, container)
    _elasticsearch(status, container)
    status.verdict, status.to_do = judge(status)
    return status


def judge(status: Status) -> tuple[str, list[str]]:
    """Whether all that was dropped is in, in one sentence, and what a person should do."""
    away = [name for name, state in status.services.items() if state.startswith(("away", HELD))]
    failed = status.files.get("failed", 0) + (status.documents or {}).get("failed", 0)
    left = status.files.get("inbox", 0) + status.files.get("spool", 0)
    pending = (status.documents or {}).get("pending", 0)
    return _verdict(away, failed, left, pending), list(_to_do(status, away, failed, left + pending))


def _verdict(away: list[str], failed: int, left: int, pending: int) -> str:
    if away:
        take = "takes" if len(away) == 1 else "take"
        return f"Waiting: {' and '.join(away)} {take} no work now. Nothing is lost meanwhile."
    but = f" {failed:,} failed." if failed else ""
    if left:
        return f"At work: {left:,} files still to be indexed, {pending:,} to be enriched.{but}"
    if pending:
        return f"All files can be found; {pending:,} of them are still to be enriched.{but}"
    if failed:
        return f"Everything is in, except for what failed: {failed:,}."
    return "All is well: everything that was dropped is in."


def _to_do(status: Status, away: list[str], failed: int, left: int) -> Iterator[str]:
    if any(state.startswith("away") for state in status.services.values()):
        yield "Start what is away (`depesche up` where the project runs it); work goes on by itself"
    if any(state.startswith(HELD) for state in status.services.values()):
        yield "Free some disk for Elasticsearch, or lift its block; work goes on by itself"
    if failed:
        yield "`depesche failed` says what and why; `depesche retry` tries again"
    if status.left_alone:
        yield "Take what is left alone out of the inbox, or put regular files in its place"
    if status.disk_free is not None and status.disk_free < LITTLE_DISK:
        yield f"Free some disk: {status.disk_free // MEBIBYTE:,} MB are left for the data folder"
    moved = any((status.per_second or {}).values())
    if left and not away and not moved:
        yield "If these numbers do not change, no worker runs: `depesche up`"


def _disk(status: Status, folders: Folders, spool: Spool) -> None:
    scan = Scan(folders.inbox, time.time())
    failed = failed_files(folders)
    status.files = {
        "inbox": sum(1 for _ in scan.files()),
        "spool": sum(len(batch.files()) for batch in spool.batches()),
        "archive": archived(folders.archive, status.fates),
        "failed": len(failed),
    }
    alone = scan.left_alone | left_alone(folders.inbox, scan.now)
    status.left_alone = {printable_path(path): kind for path, kind in alone.items()}
    status.failed_files = failed[:REASONS_SHOWN]
    status.disk_free = shutil.disk_usage(folders.data).free


def archived(archive: Path, fates: Mapping[str, int]) -> int:
    """How many files the archive has: counted, or of very many what the ledger has seen go there.

    Duplicates of one name and content are one file in the archive and several in the ledger.
    """
    counted = 0
    for _, _, names in os.walk(archive):
        counted += len(names)
        if counted > COUNTED:
            return max(counted, fates.get("indexed", 0) + fates.get("duplicate", 0))
    return counted


def _redis(status: Status, container: Container) -> None:
    try:
        status.queues = container.queues.lengths()
        status.services["redis"] = "answers"
    except DepescheError as error:
        status.services["redis"] = f"away: {error}"


def _elasticsearch(status: Status, container: Container) -> None:
    try:
        client = container.client  # first: without an address, its library need not be loaded
    except DepescheError as error:
        status.services["elasticsearch"] = f"away: {error}"
        return
    from indexing.index.connect import server_version
    from indexing.index.ready import check_writable
    from indexing.writing import states

    try:
        version = server_version(client)
        counts = states.counts(client, container.settings.index)
    except DepescheError as error:
        status.services["elasticsearch"] = f"away: {error}"
        return
    status.services["elasticsearch"] = f"answers ({version})"
    try:
        check_writable(client, container.settings.index, container.settings.fields())
    except DepescheError as error:
        status.services["elasticsearch"] = f"{HELD}: {error} ({version})"
    status.documents = {
        "total": counts.total,
        "pending": counts.pending,
        "enriched": counts.enriched,
        "failed": counts.failed,
    }
    now = progress(counts, status.files.get("inbox", 0) + status.files.get("spool", 0))
    status.per_second, status.seconds_left = now.per_second, now.seconds_left
    status.failures = dict(counts.failures)
