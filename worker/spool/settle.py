"""A file's last step: one rename into ``archive/`` or ``failed/``, never over other bytes."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any

from worker import failpoint
from worker.atomic import move, write_json
from worker.folders import Folders
from worker.spool.kept import folder_like
from worker.spool.naming import distinct_name, failed_path, reason_name


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a file failed: what a person needs to know and can do."""

    error: str
    stage: str
    advice: str = ""


@contextmanager
def settling(folders: Folders) -> Iterator[None]:
    """Serialise moves into archive and failed, so that looking and renaming are one step."""
    # Not in `run/`: who removes that would leave two of us with a lock each.
    with (folders.data / "settle.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def archive(folders: Folders, file: Path, relative: str) -> Path | None:
    """Move a done file to ``archive/<relative>``; None if it is no longer there to be moved.

    Call it inside ``settling``. An older reason for the same path has served its time.
    """
    target = _free(folders.archive, relative, file)
    if target is None:
        return None
    _into(target, file, relative)
    failed = folders.failed / failed_path(relative)
    reason = _reason_path(failed)
    if reason.exists() and not failed.exists():
        reason.unlink(missing_ok=True)
    return target


def _into(target: Path, file: Path, relative: str) -> None:
    try:
        move(file, target)
    except FileNotFoundError:  # its folder is not there yet: seldom, so not asked for before
        folder_like(target.parent, file.parent, relative.count("/"))
        move(file, target)


def fail(folders: Folders, file: Path, relative: str, reason: Reason) -> Path | None:
    """Move a faulty file to ``failed/<relative>`` with ``….reason.json`` beside it.

    The reason is written first: a file in ``failed/`` always has one. Call it inside ``settling``.
    """
    target = _free(folders.failed, failed_path(relative), file)
    if target is None:
        return None
    folder_like(target.parent, file.parent, relative.count("/"))
    _write_reason(_reason_path(target), PurePath(relative), reason)
    failpoint.reach("settle.reasoned")
    move(file, target)
    return target


def _write_reason(path: Path, relative: PurePath, reason: Reason) -> None:
    """The newest reason on top, the earlier ones kept: the first is often the telling one."""
    before = read_reason(path)
    now = datetime.now(UTC).isoformat(timespec="seconds")
    entry = {"error": reason.error, "stage": reason.stage, "time": now, "advice": reason.advice}
    earlier: list[Any] = before.get("earlier", [])
    if before:
        earlier = [*earlier, {key: before.get(key) for key in ("error", "stage", "time")}]
    times = before.get("times", len(earlier)) + 1 if before else 1
    kept = earlier[:1] + earlier[1:][-8:]
    write_json(path, {"path": str(relative), **entry, "times": times, "earlier": kept})


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


def _free(root: Path, relative: str, file: Path) -> Path | None:
    """Where the file can go: its own path, or one beside it if other bytes are there.

    None if the file is gone. The same bytes under the same name are the same file.
    """
    wanted = _passable(root, PurePath(relative))
    if not os.path.lexists(wanted):
        return wanted if file.exists() else None
    digest = _digest(file)
    if digest is None:
        return None
    candidates = _candidates(wanted, digest)
    for candidate in candidates:
        if not os.path.lexists(candidate):
            return candidate
        if candidate.is_file() and _digest(candidate) == digest:
            return candidate
    raise FileExistsError(f"{candidates[-1]} holds other bytes than its name says")


def archived_as(folders: Folders, relative: str, digest: str) -> Path | None:
    """Where a file of that path and digest (SHA-256) lies in the archive, if it does."""
    wanted = _passable(folders.archive, PurePath(relative))
    places = (path for path in _candidates(wanted, digest) if path.is_file())
    return next((path for path in places if _digest(path) == digest), None)


def _candidates(wanted: Path, digest: str) -> list[Path]:
    names = [distinct_name(wanted.name, digest[:length]) for length in (12, 64)]
    return [wanted, *(wanted.with_name(name) for name in names)]


def _passable(root: Path, relative: PurePath) -> Path:
    """The path below ``root``; where a file has the name of a folder on it, beside that file."""
    path = root
    for name in relative.parent.parts:
        path /= name
        while not path.is_dir() and path.exists():
            path = path.with_name(f"{path.name}~")
    return path / relative.name


def _digest(file: Path) -> str | None:
    """Of the bytes; of what tells files apart where they cannot be read; None if it is gone."""
    try:
        with file.open("rb") as handle:
            return hashlib.file_digest(handle, "sha256").hexdigest()
    except FileNotFoundError:
        return None
    except PermissionError:
        status = file.stat()
        known = f"{status.st_dev} {status.st_ino} {status.st_size} {status.st_mtime_ns}"
        return hashlib.sha256(known.encode()).hexdigest()
