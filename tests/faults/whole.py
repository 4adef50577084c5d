"""The whole as a person runs it: ``depesche up`` and ``down``."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psutil


def ours(data: Path) -> list[psutil.Process]:
    """Every process that works on this data folder, services included."""
    processes = []
    for process in psutil.process_iter():
        try:
            folder = process.environ().get("DEPESCHE_DATA")
            named = any(f"{data}{os.sep}" in word for word in process.cmdline())
        except psutil.Error:
            continue
        if folder == str(data) or named:
            processes.append(process)
    return processes


class Up:
    """`depesche up` in the foreground, on a data folder and services of its own."""

    def __init__(self, data: Path, elasticsearch: str, index: str, ca: Path | None) -> None:
        self.data = data
        self.environment = {
            **os.environ,
            "DEPESCHE_DATA": str(data),
            "DEPESCHE_INDEX": index,
            "DEPESCHE_ELASTICSEARCH_URL": elasticsearch,
            "DEPESCHE_ELASTICSEARCH_CA": str(ca or ""),
            "DEPESCHE_REDIS_URL": "",
            "DEPESCHE_ENRICH_BATCH": "4",
        }

    @property
    def log(self) -> Path:
        """What it and its children say."""
        return self.data.parent / "up.log"

    def start(self, *options: str) -> subprocess.Popen[bytes]:
        with self.log.open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "worker.cli", "up", *options],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def run(self, *command: str) -> None:
        subprocess.run(
            [sys.executable, "-m", "worker.cli", *command],
            env=self.environment,
            check=True,
            timeout=120,
            stdin=subprocess.DEVNULL,
        )

    def workers(self) -> int:
        """How many processes run the watcher and the two workers, children not counted."""
        words = {_last_words(process) for process in ours(self.data)}
        return len({("worker.cli", "watch"), ("work", "intake"), ("work", "enrich")} & words)


def _last_words(process: psutil.Process) -> tuple[str, ...]:
    try:
        return tuple(process.cmdline()[-2:])
    except psutil.Error:  # it has just ended
        return ()
