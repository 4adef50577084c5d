"""Run ``depesche`` as a person and as a program does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.processes import Processes
from worker.failpoint import ARMED, ONCE


class Command:
    """Runs ``depesche`` with the settings of the test."""

    def __init__(self, processes: Processes, **environment: str) -> None:
        self._environment = {**os.environ, **processes.environment(), **environment}

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run it to its end; a traceback is never right."""
        done = subprocess.run(
            [sys.executable, "-m", "worker.cli", *arguments],
            env=self._environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def __call__(self, *arguments: str, status: int = 0) -> str:
        """Run it, and give what it says where it ends with this exit status."""
        done = self.run(*arguments)
        assert done.returncode == status, done.stdout + done.stderr
        return done.stdout + done.stderr


def killed(processes: Processes, once: Path, gap: str, *arguments: str) -> None:
    """Run it until it is killed in a gap; ``once`` is a folder."""
    command = Command(processes, **{ARMED: f"{gap}:kill", ONCE: str(once)})
    assert command.run(*arguments).returncode == -signal.SIGKILL, gap
