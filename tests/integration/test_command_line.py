"""The command line as a person and as a program uses it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import Processes, states, wait_for
from worker.care.failures import failed_files
from worker.container import Container

SAMPLES = Path(__file__).parents[2] / "seeds" / "articles"


class Command:
    """Runs ``depesche`` with the settings of the test."""

    def __init__(self, processes: Processes) -> None:
        self._environment = {**os.environ, **processes.environment()}

    def __call__(self, *arguments: str, status: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "worker.cli", *arguments],
            env=self._environment, capture_output=True, text=True, timeout=120, check=False,
        )  # fmt: skip
        assert done.returncode == status, done.stdout + done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout if status == 0 else done.stdout + done.stderr


@pytest.fixture
def depesche(processes: Processes) -> Command:
    return Command(processes)


def test_from_ingest_to_show(container: Container, processes: Processes, depesche: Command) -> None:
    processes.start_all()
    report = json.loads(depesche("ingest", str(SAMPLES), "--wait", "--json"))
    total = len(list(SAMPLES.glob("*.txt")))
    assert report["files"] == total
    assert {item["fate"] for item in report["items"]} == {"indexed"}
    wait_for(lambda: states(container)["enriched"] == total, "the samples enriched")

    status = json.loads(depesche("status", "--json"))
    assert status["documents"] == {"total": total, "pending": 0, "enriched": total, "failed": 0}
    assert status["files"] == {"inbox": 0, "spool": 0, "archive": total, "failed": 0}
    assert "answers" in depesche("status")

    results = json.loads(depesche("search", "Verträge", "--json"))
    assert results["total"] > 0
    assert results["hits"][0]["highlights"][0]["marks"]
    assert results["facets"]["people"]
    person = json.loads(depesche("search", "--person", "Putin", "--json"))
    assert person["total"] > 0
    assert depesche("search", "Vertrag")
    shown = json.loads(depesche("show", results["hits"][0]["id"], "--json"))
    assert shown["enrichment"]["state"] == "enriched"
    assert shown["headline"] in depesche("show", shown["id"])


def test_failed_and_retry(container: Container, processes: Processes, depesche: Command) -> None:
    processes.start_all()
    (container.folders.inbox / "leer.txt").touch()
    wait_for((container.folders.failed / "leer.txt").exists, "the failure")
    listed = json.loads(depesche("failed", "--json", status=1))
    first = listed["files"][0]
    assert first["path"] == "leer.txt"
    depesche("retry", "anders.txt", status=1)
    depesche("retry", "leer.txt")
    twice = [2]  # a retry counts as no new file
    wait_for(lambda: [f.times for f in failed_files(container.folders)] == twice, "its second time")
    assert container.ledger.counts()["failed"] == 1
    depesche("failed", status=1)
    (container.folders.failed / "leer.txt").write_text("Nun etwas\n\nMit Inhalt.")
    depesche("retry")
    wait_for(lambda: states(container)["enriched"] == 1, "the article")
    assert "Nothing has failed" in depesche("failed")


def test_index_commands_and_reenrich(
    container: Container, processes: Processes, depesche: Command
) -> None:
    assert "is there already" in depesche("index", "create")
    assert json.loads(depesche("index", "status", "--json"))["current"]
    processes.start_all()
    (container.folders.inbox / "a.txt").write_text("Aus Köln\n\nEin Satz über Köln.")
    wait_for(lambda: states(container)["enriched"] == 1, "the article")
    assert depesche("reenrich").startswith("0 documents")
    assert depesche("reenrich", "--all", "--yes", "--wait").startswith("1 document")
    assert _marks(container) == ("enriched", 1)
    processes.kill("enrich")
    assert depesche("reenrich", "--all", "--yes").startswith("1 document")
    depesche("index", "migrate", "--force")
    assert _marks(container) == ("enriched", 1)
    documents = json.loads(depesche("status", "--json", status=1))["documents"]  # no `enrich`
    assert (documents["pending"], documents["enriched"]) == (1, 0)
    processes.start("enrich")
    wait_for(lambda: _marks(container) == ("enriched", 2), "the article to be read again")


def _marks(container: Container) -> tuple[str, int]:
    """The state of the one document, and for which request it was read."""
    client, index = container.client, container.settings.index
    client.indices.refresh(index=index)
    (hit,) = client.search(index=index, source_includes=["enrichment"])["hits"]["hits"]
    mark = hit["_source"]["enrichment"]
    return mark["state"], mark.get("request", 0)


def test_wrong_use_is_told_and_costs_nothing(
    processes: Processes, depesche: Command, tmp_path: Path
) -> None:
    assert "no such file" in depesche("ingest", str(tmp_path / "nichts"), status=2)
    assert "no article" in depesche("show", "nichts", status=2)
    depesche("search", "--from", "gestern", status=2)
    depesche("unsinn", status=2)
    depesche("search", "unauffindbarkeitsbescheinigung", status=1)
    away = Command(processes)
    away._environment["DEPESCHE_ELASTICSEARCH_URL"] = "https://127.0.0.1:9"
    assert "does not answer" in away("search", "x", status=1)
    assert "away" in away("status", status=1)
    assert "Kibana does not answer" in Command(processes)("kibana", "import", status=1)
