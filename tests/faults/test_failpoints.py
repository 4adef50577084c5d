"""Kill each process in each of the dangerous gaps; the next one passes, and everything arrives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.processes import (
    Processes,
    assert_all_settled,
    files_in,
    paths_in_index,
    settled,
    states,
    wait_for,
)
from worker.container import Container
from worker.failpoint import ARMED, ONCE
from worker.processes.everything import COMMANDS
from worker.processes.supervise import Supervisor

ARTICLES = 24
#: A process that is quick to settle everything may not pass a gap for the second time: then it
#: gets more.
MOST = 5 * ARTICLES

#: Every gap of a process, each once in one run; ``killall`` takes the whole worker along.
WATCH = [
    "spool.hidden:kill",
    "spool.visible:kill",
    "deposit.held:kill:2",
    "watch.took:kill:3",
    "watch.claimed:kill",
    "watch.released:kill",
    "watch.notified:kill",
    "reconcile.begins:kill:2",
    "reconcile.notified:kill",
]
INTAKE = [
    "intake.copied:kill",
    "intake.read:kill",
    "intake.indexed:kill",
    "intake.recorded:killall",
    "intake.moved:kill:2",
    "intake.counted:kill",
    "intake.settled:kill",
    "intake.notified:killall",
    "spool.emptied:kill",
]
ENRICH = [
    "enrich.fetched:kill",
    "enrich.read:kill",
    "enrich.counted:kill",
    "enrich.written:killall",
]


@pytest.mark.parametrize("points", [WATCH, INTAKE, ENRICH], ids=["watch", "intake", "enrich"])
def test_killed_in_every_gap(
    container: Container,
    processes: Processes,
    drop: Callable[[int], list[str]],
    tmp_path: Path,
    points: list[str],
) -> None:
    names = drop(ARTICLES)
    fired = tmp_path / "fired"
    environment = processes.armed(points, fired, DEPESCHE_ENRICH_BATCH="4")
    wanted = {point.split(":")[0] for point in points}
    with Supervisor(COMMANDS, environment).running():
        _await_settled(container, len(names))
        while len(names) < MOST and wanted != {path.name for path in fired.iterdir()}:
            names += drop(ARTICLES)
            _await_settled(container, len(names))
    assert_all_settled(container, names)
    assert wanted == {path.name for path in fired.iterdir()}


def _await_settled(container: Container, total: int) -> None:
    wait_for(lambda: settled(container, total), "all articles enriched")
    wait_for(lambda: not any(container.folders.spool.iterdir()), "an empty spool", 30)


def test_killed_between_the_reason_and_the_move(
    container: Container, processes: Processes, tmp_path: Path
) -> None:
    (container.folders.inbox / "empty.txt").touch()
    environment = {ARMED: "settle.reasoned:kill", ONCE: str(tmp_path)}
    processes.start("watch", **environment)
    processes.start("intake", **environment)
    wait_for(lambda: files_in(container.folders.failed) == ["empty.txt"], "the failed file")
    wait_for(lambda: not any(container.folders.spool.iterdir()), "an empty spool")
    assert (tmp_path / "settle.reasoned").exists()
    assert (container.folders.failed / "empty.txt.reason.json").exists()
    assert not paths_in_index(container)
    assert not states(container)
