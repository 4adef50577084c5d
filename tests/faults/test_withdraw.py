"""Kill a withdrawal in each gap: it is withdrawn or it is not, and what is left is done."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands import Command, killed
from tests.faults.outcome import article, drop
from tests.processes import Processes, files_in, paths_in_index, settled, wait_for
from worker.container import Container
from worker.failpoint import ARMED, ONCE

GAPS = ("withdraw.noted", "sharing.told", "withdraw.index", "withdraw.moved", "withdraw.files")
#: What Redis and Elasticsearch have kept goes last.
PURGES = ("withdraw.deleted", "withdraw.redis", "withdraw.expunge")


@pytest.mark.slow
def test_killed_in_every_gap(container: Container, processes: Processes, tmp_path: Path) -> None:
    names = [f"{gap}.txt" for gap in (*GAPS, *PURGES, "stays")]
    drop(container, {name: article(name) for name in names})
    processes.start_all()
    wait_for(lambda: settled(container, len(names)), "all enriched")
    processes.kill("watch")  # it would be there first
    for gap in GAPS:
        killed(processes, tmp_path, gap, "withdraw", f"{gap}.txt", "--reason", "court order")
    for gap in PURGES:
        purge = ("withdraw", f"{gap}.txt", "--reason", "x", "--purge", "--yes")
        killed(processes, tmp_path, gap, *purge)
    processes.start("watch")
    tombstones, folders = container.tombstones, container.folders
    wait_for(lambda: not tombstones.unfinished(), "the rest done by the watcher", 180)
    assert paths_in_index(container) == {"stays.txt": 1}
    assert files_in(folders.archive) == ["stays.txt"]
    kept = sorted(f"{gap}.txt" for gap in GAPS)
    assert files_in(folders.withdrawn) == kept

    killed(processes, tmp_path, "withdraw.claimed", "restore", kept[0])
    wait_for(lambda: files_in(folders.withdrawn) == kept, "it is withdrawn still")
    processes.kill("intake")
    processes.start("intake", **{ARMED: "refusing.noted:kill", ONCE: str(tmp_path)})
    drop(container, {"again.txt": article(kept[0])})
    wait_for(lambda: "again.txt" in files_in(folders.withdrawn), "the copy refused")
    assert (tmp_path / "refusing.noted").exists()
    Command(processes)("restore", kept[0])
    wait_for(lambda: settled(container, 2), "it is back")
    assert files_in(folders.archive) == sorted(["again.txt", "stays.txt", kept[0]])
