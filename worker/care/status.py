"""Where everything stands: read from disk, from Elasticsearch and from Redis, changing nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from articles.errors import DepescheError, ServiceUnavailable
from extraction.formats.identity import printable_path
from worker.care.failures import FailedFile, failed_files, grouped, of_file
from worker.care.note import Note
from worker.care.notes import OF_DISK, OF_INDEX, gather
from worker.care.places import places
from worker.care.progress import progress
from worker.care.standing import FailedReason, Status
from worker.care.uptime import of_elasticsearch
from worker.care.verdict import HELD, UNFIT, judge
from worker.care.workers import mixed, namesakes, older, workers
from worker.container import Container
from worker.folders import Folders, shut
from worker.heartbeat.members import MOST
from worker.inbox.inbox import Scan
from worker.inbox.left_alone import left_alone
from worker.spool.spool import Spool

REASONS_SHOWN = 20
#: Files that are named with each reason.
NAMED = 5
#: Files in the archive that are counted each time; a million take seconds.
COUNTED = 100_000


def read(container: Container) -> Status:
    """Look everywhere; a service that is away costs only its own part of the answer."""
    status = Status(places=places(container))
    with suppress(sqlite3.Error, OSError):  # a note says so
        status.fates = container.ledger.counts()
    _disk(status, container.folders, container.spool)
    status.notes += gather(container, OF_DISK)
    _redis(status, container)
    status.workers = workers(container, redis=status.queues is not None)
    status.notes += namesakes(status.workers, container.names.site) + mixed(status.workers)
    status.notes += [*older(container), *_crowd(container)] if status.queues is not None else []
    if _elasticsearch(status, container):
        status.notes += gather(container, OF_INDEX)
    status.verdict, status.to_do = judge(status)
    return status


def _disk(status: Status, folders: Folders, spool: Spool) -> None:
    scan = Scan(folders.inbox, time.time())
    failed = failed_files(folders)
    status.files = {
        "inbox": sum(1 for _ in scan.files()),
        "spool": sum(len(batch.files()) for batch in spool.batches()),
        "archive": archived(folders.archive, status.fates),
        "failed": len(failed),
    }
    if withdrawn := sum(len(names) for _, _, names in os.walk(folders.withdrawn, onerror=shut)):
        status.files["withdrawn"] = withdrawn
    for path, why in left_alone(folders.inbox, scan.now):
        scan.leave(path, why)
    alone = sorted(scan.left_alone.items())
    status.left_alone = {printable_path(path): why for path, why in alone}
    status.left_alone_more = scan.more
    status.failed_files = failed[:REASONS_SHOWN]
    status.failed_reasons = _reasons(failed)
    status.disk_free = shutil.disk_usage(folders.data).free


def _reasons(failed: list[FailedFile]) -> list[FailedReason]:
    """Of all of them, not of those that are shown: the rarest reason may be the worst."""
    return [
        FailedReason(
            group.error,
            group.stage,
            len(group.members),
            tuple(member.path for member in group.members[:NAMED]),
        )
        for group in grouped(of_file(file) for file in failed)
    ]


def archived(archive: Path, fates: Mapping[str, int]) -> int:
    """How many files the archive has: counted, or of very many what the ledger has seen go there.

    Duplicates of one name and content are one file in the archive and several in the ledger.
    """
    counted = 0
    for _, _, names in os.walk(archive, onerror=shut):
        counted += len(names)
        if counted > COUNTED:
            kept = ("indexed", "duplicate", "corrected", "unpacked", "asset")
            came = sum(fates.get(name, 0) for name in kept)
            return max(counted, came)
    return counted


def _redis(status: Status, container: Container) -> None:
    try:
        status.queues = container.queues.lengths()
        status.services["redis"] = "answers"
        _up(status, "redis", container.queues.uptime())
        status.notes += full(*container.queues.memory())
    except DepescheError as error:
        status.services["redis"] = _without_answer(error)


def full(used: int, most: int) -> list[Note]:
    """Whether Redis has less than a tenth of what it may keep for what is sent next."""
    if not most or used < 0.9 * most:
        return []
    text = f"Redis keeps {used:,} bytes of the {most:,} that it may: then it takes no message"
    to_do = (
        "Find out which program sends so much: long answers go after ten minutes, others after a "
        "day, messages when they are worked; FLUSHALL takes all, and articles that were sent"
    )
    return [Note("redis", text, to_do, wrong=True)]


def _crowd(container: Container) -> list[Note]:
    """Whether others have put heartbeats there; nothing where Redis does not say."""
    named = 0
    with suppress(DepescheError):
        named = container.heartbeats.named()
    if named <= MOST:
        return []
    text = f"{named:,} processes are named in Redis: of more than {MOST:,} none is looked at"
    to_do = "Find out which program writes to this Redis, for no workers do; they begin it anew"
    return [Note("heartbeats", text, f"{to_do} within seconds where they run")]


def _without_answer(error: DepescheError) -> str:
    """What passes by itself is away; a wrong password, address or version needs a person."""
    return f"{error.state if isinstance(error, ServiceUnavailable) else UNFIT}: {error}"


def _up(status: Status, service: str, seconds: float | None) -> None:
    if seconds is not None:
        status.services_up_seconds[service] = seconds


def _elasticsearch(status: Status, container: Container) -> bool:
    """Whether it answers."""
    try:
        client = container.client  # first: without an address, its library need not be loaded
    except DepescheError as error:
        status.services["elasticsearch"] = _without_answer(error)
        return False
    from indexing.index.connect import server_version
    from indexing.index.ready import check_writable
    from indexing.writing import states

    try:
        version = server_version(client)
        counts = states.counts(client, container.settings.index)
    except DepescheError as error:
        status.services["elasticsearch"] = _without_answer(error)
        return False
    status.services["elasticsearch"] = f"answers ({version})"
    _up(status, "elasticsearch", of_elasticsearch(client))
    try:
        check_writable(client, container.settings.index, container.settings.fields())
    except DepescheError as error:
        state = HELD if isinstance(error, ServiceUnavailable) else UNFIT
        status.services["elasticsearch"] = f"{state}: {error} ({version})"
    status.documents = {
        "total": counts.total,
        "pending": counts.pending,
        "enriched": counts.enriched,
        "failed": counts.failed,
    }
    now = progress(counts, status.files.get("inbox", 0) + status.files.get("spool", 0))
    status.per_second, status.seconds_left = now.per_second, now.seconds_left
    status.work_seconds = now.work_seconds
    status.failures = dict(counts.failures)
    return True
