"""Kill ``verify --repair`` in its gaps: the next one does what is left, and nothing twice."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.commands import Command, killed
from tests.faults.outcome import article, drop
from tests.processes import Processes, files_in, paths_in_index, settled, wait_for
from worker.container import Container


@pytest.mark.slow
def test_killed_in_every_gap_of_a_repair(
    container: Container, processes: Processes, tmp_path: Path
) -> None:
    folders, names = container.folders, ["bleibt.txt", "gesperrt.txt"]
    drop(container, {name: article(name) for name in names})
    processes.start_all()
    wait_for(lambda: settled(container, len(names)), "all enriched")
    repair, backup = Command(processes), tmp_path / "gesperrt.txt"
    shutil.copy(folders.archive / "gesperrt.txt", backup)
    repair("withdraw", "gesperrt.txt", "--reason", "court order")
    wait_for(lambda: not container.tombstones.unfinished(), "withdrawn")
    processes.kill("watch")  # it would be there first

    shutil.copy(backup, folders.archive / "gesperrt.txt")  # as from a back-up
    killed(processes, tmp_path, "repair.named", "verify", "--repair")
    processes.start("watch")
    wait_for(lambda: files_in(folders.archive) == ["bleibt.txt"], "taken away again")
    assert paths_in_index(container) == {"bleibt.txt": 1}

    (folders.failed / "ohne.txt").write_bytes(article("ohne Grund"))
    killed(processes, tmp_path, "repair.claimed", "verify", "--repair")
    wait_for(lambda: settled(container, 2), "what had no reason is indexed")
    assert sorted(files_in(folders.archive)) == ["bleibt.txt", "ohne.txt"]
    assert files_in(folders.failed) == []
    assert "each file has its document" in repair("verify")
