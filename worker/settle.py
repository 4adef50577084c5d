"""A file's last step: one rename into ``archive/`` or ``failed/``, never over other bytes."""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any

from worker.atomic import write_json
from worker.folders import Folders
from worker.naming import distinct_name, failed_name, reason_name


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a file failed: what a person needs to know and can do."""

    error: str
    stage: str
    advice: str = ""


@contextmanager
def settling(folders: Folders) -> Iterator[None]:
    """Serialise moves into archive and failed, so that looking and renaming are one step."""
    with (folders.run / "settle.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def archive(folders: Folders, file: Path, relative: str) -> Path | None:
    """Move a done file to ``archive/<relative>``; None if it is no longer there to be moved.

    Call it inside ``settling``. An older reason for the same path has served its time.
    """
    target = _free(folders.archive / relative, file)
    if target is None:
        return None
    target.parent.mkdir(parents=True, exist_ok=True)
    file.replace(target)
    _reason_path(folders.failed / relative).unlink(missing_ok=True)
    return target


def fail(folders: Folders, file: Path, relative: str, reason: Reason) -> Path | None:
    """Move a faulty file to ``failed/<relative>`` with ``….reason.json`` beside it.

    The reason is written first: a file in ``failed/`` always has one. Call it inside ``settling``.
    """
    wanted = folders.failed / relative
    target = _free(wanted.with_name(failed_name(wanted.name)), file)
    if target is None:
        return None
    target.parent.mkdir(parents=True, exist_ok=True)
    _write_reason(_reason_path(target), PurePath(relative), reason)
    file.replace(target)
    return target


def _write_reason(path: Path, relative: PurePath, reason: Reason) -> None:
    """The newest reason on top, the earlier ones kept: the first is often the telling one."""
    before = read_reason(path)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    entry = {"error": reason.error, "stage": reason.stage, "time": now, "advice": reason.advice}
    earlier: list[Any] = before.get("earlier", [])
    if before:
        earlier = [*earlier, {key: before.get(key) for key in ("error", "stage", "time")}]
    write_json(path, {"path": str(relative), **entry, "earlier": earlier[:1] + earlier[1:][-8:]})


def read_reason(path: Path) -> dict[str, Any]:
    """A reason file's content, or an empty one if there is none that can be read."""
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}


def reason_of(file: Path) -> dict[str, Any]:
    """The reason of a file in ``failed/``."""
    return read_reason(_reason_path(file))


def _reason_path(file: Path) -> Path:
    return file.with_name(reason_name(file.name))


def _free(target: Path, file: Path) -> Path | None:
    """``target``, or another name beside it if other bytes are there; None if no file."""
    if not target.exists():
        return target if file.exists() else None
    digest = _digest(file)
    if digest is None:
        return None
    if target.is_file() and _digest(target) == digest:
        return target
    return target.with_name(distinct_name(target.name, digest))


def _digest(file: Path) -> str | None:
    try:
        with file.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except FileNotFoundError:
        return None
