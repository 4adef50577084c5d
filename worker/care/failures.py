"""What has failed, for a person who is to do something about it: grouped by reason."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from extraction.formats.identity import printable_path
from worker.atomic import is_temporary
from worker.folders import Folders, shut
from worker.spool.naming import REASON
from worker.spool.settle import reason_of

if TYPE_CHECKING:
    from indexing.writing.states import Failure

ENRICH_ADVICE = "If its cause is gone (a mended pipeline, more memory), `depesche retry` it."
NO_REASON = "no reason is known"

_NUMBER = re.compile(r"\d[\d.,]*")


@dataclass(frozen=True, slots=True)
class FailedFile:
    """A file in ``failed/``: where, why, at which stage, when, and what to do.

    ``since`` and ``first_error`` tell of its first failure; ``times`` counts them all.
    """

    path: str
    error: str
    stage: str
    time: str
    advice: str
    since: str = ""
    first_error: str = ""
    times: int = 1


@dataclass(frozen=True, slots=True)
class Failed:
    """One thing that failed, file or document, as a line in a group; ``id`` of a document only."""

    path: str
    error: str
    stage: str
    since: str
    times: int
    first_error: str
    advice: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Everything that failed for the same reason at the same stage."""

    error: str
    stage: str
    advice: str
    members: tuple[Failed, ...]


def failed_paths(folders: Folders) -> list[Path]:
    """Every file in ``failed/`` that is no reason, by path. No link is followed.

    Raises ``PermissionError`` where this user may not look.
    """
    return sorted(
        Path(folder, name)
        for folder, _, names in os.walk(folders.failed, onerror=shut)
        for name in names
        if not name.endswith(REASON) and not is_temporary(name)
    )


def failed_files(folders: Folders) -> list[FailedFile]:
    """Every file in ``failed/`` with its reason, by path."""
    return [_failed(folders, path) for path in failed_paths(folders)]


def _failed(folders: Folders, path: Path) -> FailedFile:
    reason = reason_of(path)
    earlier = reason.get("earlier", [])
    first = earlier[0] if earlier else reason
    error, stage, time, advice = (
        str(reason.get(key) or "") for key in ("error", "stage", "time", "advice")
    )
    return FailedFile(
        path=printable_path(str(path.relative_to(folders.failed))),
        error=error,
        stage=stage,
        time=time,
        advice=advice,
        since=str(first.get("time") or ""),
        first_error=str(first.get("error") or ""),
        times=reason.get("times", 1),
    )


def of_file(file: FailedFile) -> Failed:
    """A failed file as a line."""
    return Failed(
        path=file.path,
        error=file.error or NO_REASON,
        stage=file.stage or "unknown",
        since=file.since,
        times=file.times,
        first_error=file.first_error,
        advice=file.advice,
    )


def of_document(failure: Failure) -> Failed:
    """A document whose enrichment failed as a line."""
    return Failed(
        path=failure.path,
        error=failure.error,
        stage="enrich",
        since=failure.at,
        times=failure.attempts,
        first_error=failure.error,
        advice=ENRICH_ADVICE,
        id=failure.id,
    )


def grouped(failures: Iterable[Failed]) -> list[Group]:
    """The same reason at the same stage is one group, largest first; numbers in it may differ."""
    members: dict[tuple[str, str], list[Failed]] = {}
    for failure in failures:
        members.setdefault((failure.stage, _NUMBER.sub("0", failure.error)), []).append(failure)
    groups = [Group(m[0].error, m[0].stage, m[0].advice, tuple(m)) for m in members.values()]
    return sorted(groups, key=lambda group: -len(group.members))


def has_reason(error: str, wanted: str) -> bool:
    """Whether an error is the one that a person names by some of its words."""
    return wanted.casefold() in error.casefold()
