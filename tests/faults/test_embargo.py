"""Kills around embargoes: held until their end, and released although nothing runs any more."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from depesche import Archive
from tests.faults.outcome import drop
from tests.processes import Processes, settled, wait_for
from worker.container import Container
from worker.processes.everything import COMMANDS
from worker.processes.supervise import Supervisor

FAR, SOON = timedelta(days=2), timedelta(seconds=20)
GAPS = [
    "watch.claimed:kill",
    "intake.created:kill",
    "intake.corrected:kill",
    "intake.indexed:killall",
    "intake.moved:kill:2",
    "enrich.read:kill",
    "enrich.written:killall",
]


def _text(id_: str, until: datetime | None = None, more: str = "") -> bytes:
    """An article that is held until then, or, ``None``, that is free."""
    body = f"Karsten Holm sprach in Dessau über die Lage von {id_}. {more}"
    held = {"embargo_until": until.isoformat()} if until else {}
    return json.dumps({"headline": f"Lage {id_}", "id": id_, "body": body, **held}).encode()


@pytest.mark.slow
def test_killed_in_every_gap_before_a_release(
    container: Container, processes: Processes, tmp_path: Path
) -> None:
    def seen() -> set[str]:
        container.client.indices.refresh(index=container.settings.index)
        return {hit.headline for hit in archive.search("Lage").hits}

    fired, far = tmp_path / "fired", datetime.now(UTC) + FAR
    archive = Archive(container.client, container.settings.index)
    with Supervisor(COMMANDS, processes.armed(GAPS, fired)).running():
        drop(container, {f"{i}.json": _text(i, far) for i in ("berichtigt", "gelöst")})
        drop(container, {"frei.json": _text("frei")})
        wait_for(lambda: settled(container, 3), "all enriched")
        assert seen() == {"Lage frei"}
        drop(container, {"b/gelöst.json": _text("gelöst")})
        drop(container, {"b/berichtigt.json": _text("berichtigt", far, "Das ist neu.")})
        wait_for(lambda: container.ledger.counts().get("corrected") == 2, "both corrected")
        wait_for(lambda: settled(container, 3), "all enriched again")
        assert seen() == {"Lage frei", "Lage gelöst"}
        assert {path.name for path in fired.iterdir()} == {gap.split(":")[0] for gap in GAPS}
        ends = datetime.now(UTC) + SOON
        drop(container, {"wartet.json": _text("wartet", ends)})
        wait_for(lambda: settled(container, 4), "the last one enriched")
    found, now = seen(), datetime.now(UTC)
    assert found == {"Lage frei", "Lage gelöst"} or now >= ends
    time.sleep(max(0.0, (ends - datetime.now(UTC)).total_seconds() + 1.0))
    assert seen() == {"Lage frei", "Lage gelöst", "Lage wartet"}
