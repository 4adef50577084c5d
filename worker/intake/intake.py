"""Intake: the files of one batch into Elasticsearch, then each to its end on disk.

The order is the safeguard. A file moves only after its document is confirmed; whatever is cut
short leaves the file in the spool, and doing it again finds the document by its id.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import FileIO
from typing import Any, Literal

import structlog
from elasticsearch import Elasticsearch
from structlog.contextvars import bound_contextvars

from articles.article import Article
from articles.errors import ArticleFault
from extraction.formats.identity import printable_path
from extraction.formats.parse import parse
from indexing.writing import write
from indexing.writing.document import to_document
from worker import failpoint
from worker.folders import Folders
from worker.inbox import lease
from worker.intake.freshness import Freshness
from worker.meter import Meter
from worker.reconcile.publisher import TaskPublisher
from worker.spool import attempts
from worker.spool.ledger import Entry, Ledger
from worker.spool.settle import Reason, archive, fail, settling
from worker.spool.spool import Batch, Spool, SpooledFile

log = structlog.get_logger()

#: Of so many batches in the spool each is one of the last: its own, and one at work beside it.
LAST = 2

ADVICE = "Mend the file and drop it again, or run `depesche retry` if the cause is gone."


@dataclass(frozen=True, slots=True)
class ItemFate:
    """What became of one file: ``waiting`` means still in the spool, and why."""

    path: str
    fate: Literal["indexed", "duplicate", "failed", "waiting"]
    id: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file and its article, or the reason why it is none, or (both None) still being written."""

    file: SpooledFile
    article: Article | None = None
    fault: Reason | None = None


class Intake:
    """Works batches. Holds no state of its own between them but the time of its last refresh."""

    def __init__(
        self,
        folders: Folders,
        client: Callable[[], Elasticsearch],
        index: str,
        publisher: TaskPublisher,
        *,
        max_file_bytes: int,
        enrich_batch: int,
        leases: bool = True,
        meter: Meter | None = None,
    ) -> None:
        self.folders = folders
        self.spool = Spool(folders.spool)
        self.ledger = Ledger(folders.data / "ledger.sqlite")
        self._client = client
        self._index = index
        self._publisher = publisher
        self._limit = max_file_bytes
        self._enrich_batch = enrich_batch
        self._leases = leases
        self._meter = meter or Meter()
        self._freshness = Freshness()

    def batch(self, name: str) -> list[ItemFate]:
        """Work the batch of that name; nothing if it is done or somebody else works on it."""
        batch = self.spool.batch(name)
        if batch is None:
            return []
        with batch.owned() as mine:
            return self.owned(batch) if mine else []

    def owned(self, batch: Batch) -> list[ItemFate]:
        """Work a batch that this process owns."""
        with bound_contextvars(batch=batch.name), batch.working() as died:
            fates: list[ItemFate] = []
            if died:
                for file in batch.files():
                    fates += self._alone(batch, file)
            else:
                fates = self._together(batch, batch.files())
            self._finish(batch, fates)
        return fates

    def _alone(self, batch: Batch, file: SpooledFile) -> list[ItemFate]:
        """After a death: count the try before it starts, and fail a file that has had its three."""
        tries = attempts.count(batch.attempts, file.relative)
        failpoint.reach("intake.counted")
        if tries <= attempts.LIMIT:
            return self._together(batch, [file])
        error = f"it ended the process that read it, {attempts.LIMIT} times"
        return self._settle(batch, [(ReadFile(file, fault=Reason(error, "parse", ADVICE)), None)])

    def _together(self, batch: Batch, files: Sequence[SpooledFile]) -> list[ItemFate]:
        with self._meter.stage("intake.read"):
            reads = [self._read(file) for file in files]
        failpoint.reach("intake.read")
        with self._meter.stage("intake.index"):
            fates = self._index_all(batch, [r.article for r in reads if r.article])
        with self._meter.stage("intake.settle"):
            return self._settle(batch, [(r, next(fates) if r.article else None) for r in reads])

    def _read(self, file: SpooledFile) -> ReadFile:
        """Bytes to article. A writer who still holds the file (a rare race) makes it wait."""
        try:
            data = self._bytes(file)
            if data is None:
                return ReadFile(file)
            return ReadFile(file, parse(data, printable_path(file.relative), limit=self._limit))
        except FileNotFoundError:
            return ReadFile(file)
        except ArticleFault as fault:
            return ReadFile(file, fault=Reason(fault.reason, "parse", fault.advice or ADVICE))
        except PermissionError as error:
            return ReadFile(
                file, fault=Reason(f"it cannot be read: {error.strerror}", "read", ADVICE)
            )
        except OSError:
            raise  # the disk is at fault, not the article: it waits
        except Exception as bug:
            log.exception("intake.bug", path=printable_path(file.relative))
            reason = Reason(f"a defect of Depesche: {bug!r}", "parse", "Please report it.")
            return ReadFile(file, fault=reason)

    def _bytes(self, file: SpooledFile) -> bytes | None:
        """What the file holds, or somewhat more than the limit; None where somebody writes it."""
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        with FileIO(os.open(file.path, flags)) as handle:
            if self._leases and lease.writer_on(handle.fileno()):
                return None
            large = os.fstat(handle.fileno()).st_size > self._limit
            return handle.read(self._limit + 1) if large else handle.readall()

    def _index_all(self, batch: Batch, articles: Sequence[Article]) -> Any:
        received, now = _iso(batch.received), _iso(datetime.now(UTC))
        documents = [(a.key, to_document(a, received, now)) for a in articles]
        last = len(self.spool) <= LAST
        fresh = self._freshness.wanted(len(documents), time.monotonic(), last=last)
        return iter(list(write.create(self._client(), self._index, documents, refresh=fresh)))

    def _settle(
        self, batch: Batch, results: Iterable[tuple[ReadFile, write.WriteResult | None]]
    ) -> list[ItemFate]:
        """Decide, record, move: in this order, so that a redone batch records the same again."""
        received = _iso(batch.received)
        decided = [(read, _decide(read, fate, received)) for read, fate in results]
        ends = [(read, fate) for read, fate in decided if fate.fate != "waiting"]
        failpoint.reach("intake.indexed")
        now = _iso(datetime.now(UTC))
        self.ledger.record([_entry(batch.name, read, fate, now) for read, fate in ends])
        failpoint.reach("intake.recorded")
        with settling(self.folders):
            for read, fate in ends:
                self._move(read, fate)
                failpoint.reach("intake.moved")
        self._count(received, [fate for _, fate in ends])
        return [fate for _, fate in decided]

    def _count(self, received: str, fates: Sequence[ItemFate]) -> None:
        for fate in fates:
            if fate.fate != "waiting":
                self._meter.articles(fate.fate)
            if fate.fate == "indexed":
                self._meter.delay("indexed", received)

    def _move(self, read: ReadFile, fate: ItemFate) -> None:
        if fate.fate == "failed":
            reason = read.fault or Reason(fate.reason, "index", ADVICE)
            fail(self.folders, read.file.path, read.file.relative, reason)
            self._meter.failed(reason.stage, reason.error)
            log.warning("file.failed", path=fate.path, id=fate.id, reason=reason.error)
        else:
            archive(self.folders, read.file.path, read.file.relative)
            log.info("file.archived", path=fate.path, id=fate.id, fate=fate.fate)

    def _finish(self, batch: Batch, fates: Sequence[ItemFate]) -> None:
        """Publish for enrichment (the reconciler would too, later) and close the batch."""
        failpoint.reach("intake.settled")
        ids = [fate.id for fate in fates if fate.fate == "indexed"]
        for start in range(0, len(ids), self._enrich_batch):
            if not self._publisher.enrich(ids[start : start + self._enrich_batch]):
                break
        failpoint.reach("intake.notified")
        batch.close()


def _decide(read: ReadFile, fate: write.WriteResult | None, received: str) -> ItemFate:
    """The rule: what Elasticsearch said of a document is what becomes of its file."""
    path = printable_path(read.file.relative)
    if read.fault:
        return ItemFate(path, "failed", "", read.fault.error)
    if fate is None:
        return ItemFate(path, "waiting", "", "it is still being written")
    if fate.result == "rejected":
        return ItemFate(path, "failed", fate.id, fate.reason)
    if fate.result == "created" or _ours(fate.existing, path, received):
        return ItemFate(path, "indexed", fate.id)
    if fate.result == "exists":
        return ItemFate(path, "duplicate", fate.id)
    return ItemFate(path, "waiting", fate.id, fate.reason)


def _ours(existing: write.Existing | None, path: str, received: str) -> bool:
    """Whether the document that is there came from this very file of this very batch."""
    return existing is not None and (existing.path, existing.received_at) == (path, received)


def _entry(batch: str, read: ReadFile, fate: ItemFate, now: str) -> Entry:
    sha256 = read.article.source.sha256 if read.article else ""
    assert fate.fate != "waiting"  # noqa: S101  (narrows the type: what waits has no end)
    return Entry(batch, fate.path, fate.fate, fate.id, sha256, fate.reason, now)


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds").replace("+00:00", "Z")
