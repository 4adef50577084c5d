"""Kill the intake worker between taking what a program sent and working it."""

from __future__ import annotations

from pathlib import Path

from depesche.client import Client
from tests.faults.outcome import article, assert_ended, documents, drop, wait_until_ended
from tests.processes import Processes, files_in, wait_for
from worker.container import Container
from worker.failpoint import ARMED, ONCE


def test_killed_before_a_sent_article_and_sent_files_are_worked(
    container: Container, processes: Processes, tmp_path: Path
) -> None:
    press, fired = tmp_path / "presse", tmp_path / "fired"
    press.mkdir()
    fired.mkdir()
    (press / "kopie.txt").write_bytes(article("kopiert"))
    drop(container, {"abgelegt.txt": article("abgelegt")})
    settings = {"DEPESCHE_INGEST_FOLDERS": str(press)}
    points = {ARMED: "senders.put:killall senders.took:killall", ONCE: str(fired)}
    client = Client(container.settings)

    client.ingest_article(headline="Gesendet", body="Ein Satz aus Köln.", id="gesendet")
    _start_and_see_it_end(processes, "senders.put", fired, settings | points)
    client.ingest_files([container.folders.inbox / "abgelegt.txt", press / "kopie.txt"])
    _start_and_see_it_end(processes, "senders.took", fired, settings | points)
    assert len(files_in(container.folders.spool)) >= 3, "all three are on disk by now"

    for name in ("watch", "intake", "enrich"):
        processes.start(name, **settings)
    wait_until_ended(container, 3)
    archive = container.folders.archive
    assert_ended(container, {name: (archive / name).read_bytes() for name in files_in(archive)})
    paths = sorted(path for path, _ in documents(container))
    assert paths[:2] == ["abgelegt.txt", "presse/kopie.txt"]
    assert (press / "kopie.txt").exists(), "what is not in the inbox stays with its owner"


def _start_and_see_it_end(
    processes: Processes, point: str, fired: Path, settings: dict[str, str]
) -> None:
    processes.start("intake", **settings)
    wait_for(lambda: (fired / point).exists() and "intake" in processes.ended(), point)
