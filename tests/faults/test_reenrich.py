"""What is asked to be read again is read once, whoever is killed, and the request is closed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from indexing.writing import reenrich
from tests.faults.outcome import command
from tests.processes import Processes, assert_all_settled, settled, wait_for
from worker.container import Container
from worker.processes.everything import COMMANDS
from worker.processes.supervise import Supervisor

pytestmark = pytest.mark.slow

ARTICLES = 24
#: Each once; a killed enricher leaves documents that are done one at a time, which are counted.
POINTS = [
    "reenrich.asked:kill",
    "reconcile.notified_enrich:kill",
    "enrich.fetched:kill",
    "enrich.read:kill",
    "enrich.counted:kill",
    "enrich.written:killall",
    "reconcile.finishes:kill",
]


def _marks(container: Container) -> list[dict[str, Any]]:
    client, index = container.client, container.settings.index
    client.indices.refresh(index=index)
    hits = client.search(index=index, size=1000, source_includes=["enrichment"])["hits"]["hits"]
    return [hit["_source"]["enrichment"] for hit in hits]


def test_killed_in_every_gap_of_a_reading_again(
    container: Container, processes: Processes, drop: Callable[[int], list[str]], tmp_path: Path
) -> None:
    names = drop(ARTICLES)
    with Supervisor(COMMANDS, processes.armed([], tmp_path / "none")).running():
        wait_for(lambda: settled(container, ARTICLES), "all articles enriched")
    fired = tmp_path / "fired"
    environment = processes.armed(POINTS, fired, DEPESCHE_ENRICH_BATCH="4")
    killed = command(processes, "reenrich", "--all", "--yes", **environment)
    assert killed.returncode < 0
    before = _marks(container)
    assert all("request" not in mark and mark["state"] == "enriched" for mark in before)
    client, index = container.client, container.settings.index

    def closed() -> bool:
        return not reenrich.read(client, index).open

    with Supervisor(COMMANDS, environment).running():
        wait_for(closed, "the request closed", 240)
    assert {path.name for path in fired.iterdir()} == {p.partition(":")[0] for p in POINTS}
    assert Counter(mark.get("request") for mark in _marks(container)) == {1: ARTICLES}
    assert_all_settled(container, names)
