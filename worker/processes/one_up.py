"""One ``up`` on a data folder: who holds the folder's lock runs; a file only says who that is."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from articles.errors import UsageError
from worker import beneath, folder_lock
from worker.atomic import write_json
from worker.processes.belonging import ups
from worker.services.process import same_start

#: Whoever only asks for the lock holds it for an instant.
_ASKED_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Record:
    """``run/depesche.json``: which process runs all, and the services that end with it."""

    data: Path

    @property
    def path(self) -> Path:
        return self.data / "run" / "depesche.json"

    def write(self, services: list[str], ready: bool = False, waits: str = "") -> None:
        """Name this process; ``ready``: what could stop its start lies behind it.

        ``waits`` is why no work is done nevertheless.
        """
        me = psutil.Process()
        named = {"pid": me.pid, "create_time": me.create_time()}
        content = {**named, "services": services, "ready": ready, "waits": waits}
        self.path.parent.mkdir(mode=0o700, exist_ok=True)
        write_json(self.path, content)

    def keep(self, services: list[str]) -> None:
        """Write it again where it is gone, or names another; on a full disk, when there is room.

        For one that is ready.
        """
        with suppress(OSError):
            if self._content().get("pid") != os.getpid():
                self.write(services, ready=True)

    def is_ready(self) -> bool:
        """Whether the process that it names has come through its start."""
        return self._content().get("ready") is True

    def waits(self) -> str:
        """Why it did no work when it had come through its start; "" where it does."""
        return str(self._content().get("waits") or "")

    def services(self) -> list[str]:
        """The services that it names; none where there is no such file."""
        named = self._content().get("services")
        return [str(name) for name in named] if isinstance(named, list) else []

    def pid(self) -> int | None:
        """The process that it names, if that is still the same one, and alive.

        None of what another user wrote there: root would end whatever process he likes to name.
        """
        content, writer = self._read()
        if writer not in {0, os.geteuid()}:
            return None
        try:
            process = psutil.Process(int(content["pid"]))
            same = same_start(process.create_time(), float(content["create_time"]))
            alive = process.status() != psutil.STATUS_ZOMBIE
        except (ValueError, KeyError, TypeError, psutil.Error):
            return None
        return process.pid if same and alive else None

    def forget(self) -> None:
        """Remove it."""
        self.path.unlink(missing_ok=True)

    def _content(self) -> dict[str, Any]:
        return self._read()[0]

    def _read(self) -> tuple[dict[str, Any], int]:
        """What it says, and whose it is."""
        try:
            with open(os.open(self.path, beneath.FILE), encoding="utf-8") as file:  # noqa: PTH123
                writer = os.fstat(file.fileno()).st_uid
                content = json.loads(file.read())
        except (OSError, ValueError):
            return {}, os.geteuid()
        return content if isinstance(content, dict) else {}, writer


@dataclass(frozen=True, slots=True)
class Running:
    """An ``up`` that runs; ``pid`` is None where its process is not shown to us."""

    pid: int | None

    def __str__(self) -> str:
        return f"pid {self.pid}" if self.pid else "as another user, who alone sees its process"


def running(data: Path) -> Running | None:
    """Who runs everything on that data folder, or None where nobody does."""
    if not folder_lock.is_held(data):
        return None
    return Running(Record(data).pid() or next((up.pid for up in ups(data)), None))


@contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Hold the data folder while inside. Raises ``UsageError`` where another ``up`` does."""
    with folder_lock.held(data, _ASKED_SECONDS) as mine:
        if not mine:
            raise UsageError(
                f"Depesche runs already on {data} ({running(data) or 'it is just ending'}); "
                "`depesche down` stops it."
            )
        yield
