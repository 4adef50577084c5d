"""From a failure to its end in minutes: ``failed``, ``retry``, ``status``, and the logs."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest

from indexing.writing import due, write
from indexing.writing.stored import fetch_texts
from tests.commands import Command
from tests.processes import Processes, files_in, settled, wait_for
from worker.care.retry import retry
from worker.container import Container
from worker.spool import deposit

GOOD = " date 2024-06-19 Probe : Die Meldung\n\nVorspann.\n\nEin Satz über Köln."


@pytest.fixture
def depesche(processes: Processes) -> Command:
    return Command(processes)


def _drop(container: Container, files: dict[str, bytes]) -> None:
    """Send files the way of intake, in this process."""
    with container.spool.filling() as batch:
        for name, content in files.items():
            deposit.put(batch, io.BytesIO(content), name)
    _work(container)


def _work(container: Container) -> None:
    for batch in container.spool.batches():
        container.intake.batch(batch.name)
    container.client.indices.refresh(index=container.settings.index)


FAULTY = {
    "taz/leer 1.txt": b"",
    "taz/leer 2.txt": b"",
    "dpa/leer 3.txt": b"",
    "dpa/bild.txt": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(200),
}


def test_what_failed_is_grouped_and_retried_by_file_folder_and_reason(
    container: Container, depesche: Command
) -> None:
    _drop(container, FAULTY)
    assert files_in(container.folders.failed) == sorted(FAULTY)
    listed = json.loads(depesche.run("failed", "--json").stdout)
    by_path = {file["path"]: file for file in listed["files"]}
    empty = by_path["taz/leer 1.txt"]
    assert empty["stage"] == "parse"
    assert empty["advice"]
    assert empty["since"]
    assert empty["times"] == 1
    said = depesche("failed", status=1)
    assert said.count(empty["error"]) == 1, "one reason is said once"
    assert f"3 at parse: {empty['error']}" in said

    def retried(*paths: str, reason: str = "") -> list[str]:
        retry(container, paths, reason)
        files = files_in(container.folders.spool)
        _work(container)
        return sorted(name.partition("/files/")[2] for name in files if "/files/" in name)

    assert retried(reason=empty["error"][4:].upper()) == [
        "dpa/leer 3.txt",
        "taz/leer 1.txt",
        "taz/leer 2.txt",
    ]
    assert retried("taz/leer 2.txt") == ["taz/leer 2.txt"]
    assert retried("taz") == ["taz/leer 1.txt", "taz/leer 2.txt"]
    assert retried("taz", reason="kein solcher Grund") == []
    assert retried() == sorted(FAULTY)
    assert files_in(container.folders.failed) == sorted(FAULTY)
    depesche("retry", "--reason", "kein solcher Grund", status=1)
    assert "1 file " in depesche("retry", "taz/leer 1.txt")


def test_a_repeated_failure_keeps_its_first_reason(container: Container, depesche: Command) -> None:
    _drop(container, {"a.txt": b""})
    first = json.loads(depesche.run("failed", "--json").stdout)["files"][0]
    (container.folders.failed / "a.txt").write_bytes(bytes(300))
    depesche("retry", "a.txt")
    _work(container)
    second = json.loads(depesche.run("failed", "--json").stdout)["files"][0]
    assert second["error"] != first["error"]
    assert second["first_error"] == first["error"]
    assert second["since"] == first["time"]
    assert second["times"] == 2
    said = depesche("failed", status=1)
    assert f"2 times; the first time: {first['error']}" in said

    (container.folders.failed / "a.txt").write_text(GOOD)
    depesche("retry", "--reason", second["error"])
    _work(container)
    assert "Nothing has failed" in depesche("failed")


def _fail_document(container: Container, error: str) -> str:
    index = container.settings.index
    container.client.indices.refresh(index=index)
    (key,) = due.waiting(container.client, index, 1).pending
    (stored,) = fetch_texts(container.client, index, [key])
    assert write.mark_failed(container.client, index, stored, error, "2024-06-19T12:00:00Z")
    container.client.indices.refresh(index=index)
    return key


def test_a_document_keeps_its_first_reason_too(container: Container, depesche: Command) -> None:
    _drop(container, {"ordner/a.txt": GOOD.encode()})
    _fail_document(container, "zuerst")
    depesche("retry", "--reason", "anderes", status=1)
    assert "1 document " in depesche("retry", "ordner", "--reason", "ZUERST")
    key = _fail_document(container, "danach")
    assert "danach (the first time: zuerst)" in depesche("failed", status=1)
    depesche("retry", key)
    _fail_document(container, "zuletzt")
    (document,) = json.loads(depesche.run("failed", "--json").stdout)["documents"]
    assert document["error"] == "zuletzt (the first time: zuerst)"


def test_status_says_whether_all_is_in_and_what_to_do(
    container: Container, processes: Processes, depesche: Command
) -> None:
    assert depesche("status").startswith("All is well")
    (container.folders.inbox / "neu.txt").write_text(GOOD)
    said = depesche("status", status=1)
    assert "no worker runs for it: 1 file to be claimed (`watch`)" in said
    places = json.loads(depesche.run("status", "--json").stdout)["places"]
    assert places["data"] == str(container.settings.data)
    assert places["index"] == container.settings.index
    (container.folders.inbox / "neu.txt").unlink()
    _drop(container, FAULTY)
    status = json.loads(depesche.run("status", "--json").stdout)
    assert status["verdict"] == "Everything is in, except for what failed: 4."
    assert any("depesche failed" in step for step in status["to_do"])
    assert len(depesche("status").splitlines()) < 24, "one screen"


def test_failed_files_are_listed_while_elasticsearch_is_away(
    container: Container, processes: Processes
) -> None:
    _drop(container, {"a.txt": b""})
    away = Command(processes, DEPESCHE_ELASTICSEARCH_URL="https://127.0.0.1:9")
    said = away("failed", status=1)
    assert "a.txt" in said
    assert "does not answer" in said
    away("retry", status=1)
    assert files_in(container.folders.failed) == ["a.txt"], "nothing is half retried"
    assert away("status", status=1).startswith("Waiting: elasticsearch")


def _events(processes: Processes, name: str) -> list[dict[str, Any]]:
    """Every line of a process's log; one that is no JSON object fails the test."""
    return [json.loads(line) for line in processes.log(name).splitlines()]


def test_one_file_is_followed_through_every_log(container: Container, processes: Processes) -> None:
    processes.start_all(DEPESCHE_LOG_JSON="true", DEPESCHE_LOG_LEVEL="DEBUG")
    name = "ordner/eine Meldung.txt"
    (container.folders.inbox / "ordner").mkdir()
    (container.folders.inbox / name).write_text(GOOD)
    (container.folders.inbox / "andere.txt").write_text(GOOD.replace("Meldung", "Nachricht"))
    wait_for(lambda: settled(container, 2), "the articles enriched")
    wait_for(lambda: name in processes.log("enrich"), "the last event")

    logs = {process: _events(processes, process) for process in ("watch", "intake", "enrich")}
    for process, events in logs.items():
        for event in events:
            assert {"event", "level", "timestamp", "process", "pid"} <= event.keys()
            assert event["process"] == process
    about = {
        process: [event for event in events if event.get("path") == name]
        for process, events in logs.items()
    }
    (claimed,) = about["watch"]
    (archived,) = about["intake"]
    (enriched,) = about["enrich"]
    assert claimed["event"] == "file.claimed"
    assert archived["event"] == "file.archived"
    assert archived["batch"] == claimed["batch"]
    assert archived["fate"] == "indexed"
    assert enriched["event"] == "document.enriched"
    assert enriched["id"] == archived["id"]
    assert enriched["result"] == "updated"
