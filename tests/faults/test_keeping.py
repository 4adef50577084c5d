"""Kills in every gap of ``expire``, ``restore``, ``verify --repair`` and ``index drop-old``.

What was cut short is done by the same command once more: nothing is lost, and nothing twice.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from indexing.index.manage import concrete_of, family
from indexing.index.migrate import migrate
from tests.commands import Command, killed
from tests.faults.outcome import article, documents, drop, wait_until_ended
from tests.processes import Processes, files_in, paths_in_index, settled, wait_for
from worker.container import Container

OLD = [f"alt-{number}.txt" for number in range(3)]
NEW = [f"neu-{number}.txt" for number in range(3)]
EXPIRE = ("expire", "--yes", "--before")


@pytest.mark.slow
def test_killed_in_every_gap(container: Container, processes: Processes, tmp_path: Path) -> None:
    folders, command = container.folders, Command(processes)
    contents = {name: article(name) for name in NEW}
    contents |= {n: article(n).replace(b"2024-", f"200{i}-".encode()) for i, n in enumerate(OLD)}
    drop(container, contents)
    processes.start_all()
    wait_until_ended(container, len(contents))
    before = documents(container)
    processes.kill("watch")  # it would be there first

    killed(processes, tmp_path, "expire.page", *EXPIRE, "2001")
    assert files_in(folders.withdrawn) == OLD[:1]
    for gap in ("withdraw.noted", "withdraw.index", "withdraw.moved"):
        killed(processes, tmp_path, gap, *EXPIRE, "2010")
    command(*EXPIRE, "2010")
    assert paths_in_index(container) == dict.fromkeys(NEW, 1)
    assert (files_in(folders.withdrawn), files_in(folders.archive)) == (OLD, NEW)

    processes.start("watch")  # what is cut short lies in the spool, and is worked
    for gap in ("withdraw.claimed", "restore.told"):
        killed(processes, tmp_path, gap, "restore", *OLD)
        wait_for(lambda: files_in(folders.withdrawn) == OLD, f"all withdrawn still: {gap}")
        assert paths_in_index(container) == dict.fromkeys(NEW, 1)
    killed(processes, tmp_path, "restore.let_in", "restore", *OLD)
    wait_for(lambda: settled(container, len(contents)), "all back")
    assert documents(container) == before

    for name in container.client.search(index=container.settings.index)["hits"]["hits"][:3]:
        container.client.delete(index=container.settings.index, id=name["_id"], refresh=True)
    killed(processes, tmp_path, "repair.filled", "verify", "--repair")
    wait_for(lambda: settled(container, len(contents)), "what was missed is back")
    command("verify")
    assert documents(container) == before

    assert migrate(container.client, container.settings.index, lambda _: None, force=True)
    for gap in ("drop_old.listed", "drop_old.dropped"):
        killed(processes, tmp_path, gap, "index", "drop-old", "--yes")
    assert "no older versions" in command("index", "drop-old", "--yes")
    index = container.settings.index
    assert list(family(container.client, index)) == [concrete_of(container.client, index)]
    assert documents(container) == before
    command("verify")
