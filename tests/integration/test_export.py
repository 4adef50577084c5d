"""Exports of any size, on a real Elasticsearch."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from articles.errors import UsageError
from indexing.index.manage import create_index
from indexing.index.mapping import MAPPING_VERSION
from indexing.searching.export import articles, fields_of, find
from indexing.searching.query import Query
from indexing.writing.write import create
from tests.commands import Command
from tests.hand_made import PUTIN, fill
from tests.processes import Processes
from worker.container import Container

MANY = 2500  # more than two pages


@pytest.fixture(scope="module")
def index(client: Elasticsearch) -> Iterator[str]:
    alias = f"h-ents-{uuid4().hex}"
    create_index(client, alias)
    _write(client, alias, "a", MANY)
    yield alias
    client.indices.delete(index=f"{alias}-v{MAPPING_VERSION}")


def _write(client: Elasticsearch, index: str, prefix: str, count: int) -> None:
    documents = [
        (f"{prefix}{n}", {"headline": f"Meldung {n}", "body": "Ein Vertrag.", "received_at": NOW})
        for n in range(count)
    ]
    assert {fate.result for fate in create(client, index, documents)} == {"created"}
    client.indices.refresh(index=index)


NOW = "2026-01-01T00:00:00+00:00"


def test_every_article_once_though_others_arrive(client: Elasticsearch, index: str) -> None:
    matches = find(client, index, Query("Verträge"))
    assert matches.total == MANY
    pages = articles(client, index, matches, ["id", "headline"])
    first = next(pages)
    _write(client, index, "later", 300)
    ids = [row["id"] for page in [first, *pages] for row in page]
    assert sorted(ids) == sorted(f"a{n}" for n in range(MANY))


def test_names_filter_as_in_search(client: Elasticsearch) -> None:
    alias = f"h-ents-{uuid4().hex}"
    create_index(client, alias)
    try:
        fill(client, alias)
        assert find(client, alias, Query(people=("Putin",))).total == 5
        assert find(client, alias, Query(people=(PUTIN,), since="2024-06-20")).total == 2
        assert find(client, alias, Query('place:"Hanoi"')).total == 1
        with pytest.raises(UsageError):
            find(client, alias, Query("in:bald"))
    finally:
        client.indices.delete(index=f"{alias}-v{MAPPING_VERSION}")


def test_fields_are_checked() -> None:
    assert fields_of("id, headline,id") == ("id", "headline")
    for wrong in ("einhorn", ",", ""):
        with pytest.raises(UsageError):
            fields_of(wrong)


def _folder(tmp_path: Path) -> Path:
    """One without the data folder in it."""
    folder = tmp_path / "exports"
    folder.mkdir()
    return folder


def test_on_the_command_line(container: Container, processes: Processes, tmp_path: Path) -> None:
    ids = fill(container.client, container.settings.index)
    depesche = Command(processes)
    lines = depesche.run("export").stdout.splitlines()
    assert {json.loads(line)["id"] for line in lines} == set(ids.values())
    target = _folder(tmp_path) / "putin.csv"
    said = depesche(
        "export", "Verteidigungspakt", "--person", "Putin", "--format", "csv",
        "--output", str(target), "--fields", "id,published,people",
    )  # fmt: skip
    assert said == f"3 articles in {target}\n"
    rows = list(csv.DictReader(io.StringIO(target.read_text("utf-8"))))
    assert [row["published"] for row in rows] == ["2024-06-20", "2024-06-19", "2024-06-19"]
    assert rows[0]["people"] == PUTIN
    assert list(target.parent.iterdir()) == [target]
    assert "no field" in depesche("export", "--fields", "einhorn", status=2)
    assert "is a folder" in depesche("export", "--output", str(tmp_path), status=2)
    assert depesche("export", "Einhorn", status=1) == ""


def test_a_reader_that_goes_leaves_no_traceback(container: Container, processes: Processes) -> None:
    _write(container.client, container.settings.index, "a", 5000)
    process = _start(processes)
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    assert process.stderr is not None
    assert "Traceback" not in process.stderr.read()
    assert process.wait(30) == 1


def test_an_interrupted_export_leaves_no_file(
    container: Container, processes: Processes, tmp_path: Path
) -> None:
    _write(container.client, container.settings.index, "a", 10_000)
    target = _folder(tmp_path) / "all.jsonl"
    for _ in range(5):
        process, said = _interrupted(processes, target)
        if process.returncode:
            break
        target.unlink()  # it was done before the signal came, which proves nothing
    assert "Traceback" not in said
    assert process.returncode == 130, said
    assert list(target.parent.iterdir()) == []


def _interrupted(processes: Processes, target: Path) -> tuple[subprocess.Popen[str], str]:
    """Start an export, and end it by Ctrl-C as soon as it writes; it and what it said."""
    process = _start(processes, "--output", str(target))
    while not any(target.parent.glob(".*.part")) and process.poll() is None:
        time.sleep(0.001)
    process.send_signal(signal.SIGINT)
    return process, process.communicate(timeout=60)[1]


def _start(processes: Processes, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "worker.cli", "export", *arguments],
        env={**os.environ, **processes.environment()},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
