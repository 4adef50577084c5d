"""What the tests of absent services share: how long, and how quickly work goes on again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from typing import Any

from tests import evidence
from tests.processes import Processes, files_in, states, wait_for
from worker.container import Container

#: The long form takes an outage as long as the promise says; the short one is for every day.
LONG = os.environ.get("DEPESCHE_TEST_LONG") == "1"
#: Work resumes this many seconds after a service is back.
RESUMES = 10.0

_SENTENCE = (
    "In Fall {number} sagte Petra Lindenau vom Umweltbundesamt in Dessau, man habe in "
    "Deutschland und Frankreich gemessen. "
)


def resumes(container: Container, since: Counter[str] | None = None) -> float:
    """Seconds until one more document is enriched, or indexed, than ``since`` (default: now)."""
    before = states(container) if since is None else since
    seconds = wait_for(lambda: states(container) != before, "work to resume", seconds=30)
    evidence.resumed(seconds)
    return seconds


def drop(container: Container, numbers: range) -> list[str]:
    """Drop short articles of those numbers into the inbox; their names."""
    for number in numbers:
        body = "\n\n".join(_SENTENCE.format(number=number) * 3 for _ in range(6))
        head = f" date 2024-06-19 Probe : Messung Nummer {number}\n\nDer Vorspann.\n\n"
        (container.folders.inbox / _name(number)).write_text(head + body)
    return [_name(number) for number in numbers]


def _name(number: int) -> str:
    return f"article-{number:05}.txt"


def claimed(container: Container) -> float:
    """Seconds until the watcher has claimed all that lies in the inbox."""
    return wait_for(lambda: not files_in(container.folders.inbox), "the inbox to be claimed", 20)


def status_of(processes: Processes) -> dict[str, Any]:
    """What ``depesche status --json`` says."""
    done = subprocess.run(
        [sys.executable, "-m", "worker.cli", "status", "--json"],
        env={**os.environ, **processes.environment()},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    status: dict[str, Any] = json.loads(done.stdout)
    return status


def assert_ledger(container: Container, indexed: int, failed: int = 0) -> None:
    """Each file counted once, and none taken for a duplicate of itself."""
    assert container.ledger.counts() == {"indexed": indexed, "duplicate": 0, "failed": failed}
