"""``DATA/run/<name>.json``: which process a service is, so that it can be found again."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from worker.services.folder import grant, opened, put


@dataclass(frozen=True)
class Run:
    """One started service. ``create_time``: of the process, seconds since the epoch."""

    name: str
    pid: int
    create_time: float
    url: str


def keep(data: Path, run: Run) -> None:
    """Write it where the file does not say so, atomically: a reader sees the old or the new one."""
    if read(data, run.name) == run:
        return
    with opened(data.resolve(), "run") as folder:
        if os.fstat(folder).st_uid == os.geteuid():
            grant(folder, 0o700)
        put(folder, f"{run.name}.json", json.dumps(asdict(run)))


def read(data: Path, name: str) -> Run | None:
    """The run file, or None where there is none or it is damaged."""
    try:
        content = json.loads(_path(data, name).read_text(encoding="utf-8"))
        run = Run(
            name=str(content["name"]),
            pid=int(content["pid"]),
            create_time=float(content["create_time"]),
            url=str(content["url"]),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None
    # 0, 1 and negative numbers mean whole groups, or init, to kill(2).
    return run if run.pid > 1 and run.name == name else None


def forget(data: Path, name: str) -> None:
    """Remove the run file."""
    _path(data, name).unlink(missing_ok=True)


def _path(data: Path, name: str) -> Path:
    return data / "run" / f"{name}.json"
