"""Kill a correction by hand in each gap: what was noted comes into the index."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from indexing.writing.rewrite import whole
from tests.commands import Command
from tests.faults.outcome import article, drop
from tests.processes import Processes, settled, wait_for
from worker.container import Container
from worker.failpoint import ARMED, ONCE

GAPS = ("correct.noted", "correct.written")


@pytest.mark.slow
def test_killed_in_every_gap(container: Container, processes: Processes, tmp_path: Path) -> None:
    def bylines() -> list[list[str]]:
        ids = [
            hit["_id"]
            for hit in container.client.search(index=container.settings.index)["hits"]["hits"]
        ]
        documents = whole(container.client, container.settings.index, ids)
        return [one.document.get("byline", []) for one in documents]

    drop(container, {f"{gap}.txt": article(gap) for gap in GAPS})
    processes.start_all()
    wait_for(lambda: settled(container, len(GAPS)), "all enriched")
    processes.kill("watch")  # it would be there first
    for gap in GAPS:
        command = Command(processes, **{ARMED: f"{gap}:kill", ONCE: str(tmp_path)})
        killed = command.run(
            "correct", f"{gap}.txt", "--byline", "Anna Kern", "--published", "2024"
        )
        assert killed.returncode == -signal.SIGKILL, gap
    processes.start("watch")
    wait_for(lambda: not container.by_hand.unfinished(), "the rest done by the watcher")
    assert bylines() == [["Anna Kern"]] * len(GAPS)
    wait_for(lambda: settled(container, len(GAPS)), "all enriched again")
