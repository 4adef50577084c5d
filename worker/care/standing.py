"""What ``status`` knows: plain data, for people and as JSON."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from worker.care.failures import FailedFile
from worker.care.note import Note
from worker.care.workers import Worker


@dataclass(frozen=True, slots=True)
class FailedReason:
    """All files that failed at a stage for the same reason: how many, and the first of them."""

    error: str
    stage: str
    files: int
    first: tuple[str, ...]


@dataclass(slots=True)
class Status:
    """Counts of files by place and of documents by state; what is away is None and in services."""

    places: dict[str, str] = field(default_factory=dict)
    services: dict[str, str] = field(default_factory=dict)
    services_up_seconds: dict[str, float] = field(default_factory=dict)
    workers: list[Worker] = field(default_factory=list)
    files: dict[str, int] = field(default_factory=dict)
    fates: dict[str, int] = field(default_factory=dict)
    queues: dict[str, int] | None = None
    documents: dict[str, int] | None = None
    per_second: dict[str, float] | None = None
    work_seconds: dict[str, float] | None = None
    seconds_left: float | None = None
    failures: dict[str, int] = field(default_factory=dict)
    failed_files: list[FailedFile] = field(default_factory=list)
    failed_reasons: list[FailedReason] = field(default_factory=list)
    left_alone: dict[str, str] = field(default_factory=dict)
    left_alone_more: int = 0
    notes: list[Note] = field(default_factory=list)
    disk_free: int | None = None
    verdict: str = ""
    to_do: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return asdict(self)
