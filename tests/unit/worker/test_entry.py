"""Ctrl-C while the command line is still being loaded says nothing and ends with 130."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

INTERRUPTED = "import os, signal; os.kill(os.getpid(), signal.SIGINT)"
START = "from worker.entry import main; main()"


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(folder), *sys.path])
    return subprocess.run(
        [sys.executable, "-c", START, "--version"],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_interrupted_while_it_loads(tmp_path: Path) -> None:
    (tmp_path / "typer.py").write_text(INTERRUPTED)
    done = run(tmp_path)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "")


def test_not_interrupted(tmp_path: Path) -> None:
    done = run(tmp_path)
    assert done.returncode == 0
    assert done.stdout.startswith("depesche ")
