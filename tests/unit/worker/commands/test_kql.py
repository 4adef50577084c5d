"""``--kql``, and what ``kibana import`` says where nobody answers."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.kibana_objects import load
from tests.kibana_server import KibanaServer
from tests.unit.kibana.test_import import Kibana
from tests.unit.worker.commands.conftest import Run

PUTIN = "Wladimir Putin"


def test_a_search_and_an_export_are_limited_by_kql(run: Run, ids: dict[str, str]) -> None:
    kql = 'quoted_people: "Hanna Reuter" and not agency: taz'
    found = run("search", "--kql", kql, "--json").json
    assert [hit["id"] for hit in found["hits"]] == [ids["2024-06-19-verteidigungspakt"]]
    exported = run("export", "--kql", kql, "--format", "jsonl").out.splitlines()
    assert [json.loads(line)["id"] for line in exported] == [ids["2024-06-19-verteidigungspakt"]]


def test_names_and_their_course_are_counted_within_kql(run: Run, ids: dict[str, str]) -> None:
    kql = "agency: dpa"
    ranked = run("entities", "list", "--kql", kql, "--from", "2024-06", "--json").json
    every = run("export", "--kql", kql, "--from", "2024-06", "--format", "jsonl").out.splitlines()
    assert ranked["articles"] == len(every) > 0
    putin = [line for line in every if PUTIN in json.loads(line)["people"]]
    assert {each["name"]: each["articles"] for each in ranked["names"]}[PUTIN] == len(putin)
    course = run("timeline", "wladimir putin", "--kql", kql, "--by", "day", "--json").json
    days = sorted(row["published"][:10] for row in _exported(run, kql) if PUTIN in row["people"])
    assert (course["name"], course["kind"], course["undated"]) == (PUTIN, "person", 0)
    assert course["over_time"] == [{"value": d, "count": days.count(d)} for d in sorted(set(days))]


def _exported(run: Run, kql: str) -> list[Any]:
    return [json.loads(line) for line in run("export", "--kql", kql).out.splitlines()]


def test_a_timeline_of_all_of_a_time_or_of_nobody(run: Run, ids: dict[str, str]) -> None:
    said = run("timeline", "--by", "year")
    assert said.out.startswith(f"{len(ids)} articles")
    assert sum(int(line.split()[1]) for line in said.out.splitlines()[2:]) == len(ids)
    june = run("timeline", "Putin", "--from", "2024-06", "--to", "2024-06")
    assert june.out.startswith("Wladimir Putin is meant by 'Putin' here.")
    assert june.out.splitlines()[-1].startswith("2024-06 ")
    nobody = run("timeline", "Wladimr Putin", "--type", "person")
    assert (nobody.status, nobody.out) == (1, "")
    assert PUTIN in nobody.err
    assert run("timeline", "--kql", 'people: "Xaver Zwieselhuber"').status == 1


@pytest.mark.parametrize("kql", ["peple: Kim", "agency: (dpa"])
def test_kql_that_cannot_be_is_told(run: Run, kql: str) -> None:
    said = run("search", "--kql", kql)
    assert said.status == 2
    assert said.err.count("KQL: ") == 1


@pytest.mark.usefixtures("ids")
def test_objects_begin_with_the_oldest_article(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with Kibana() as kibana:
        monkeypatch.setenv("DEPESCHE_KIBANA_URL", kibana.url)
        monkeypatch.setenv("DEPESCHE_KIBANA_LANGUAGE", "en")
        said = run("kibana", "import")
    assert (said.status, said.err) == (0, "")
    assert said.out.startswith(f"{len(load())} objects in Kibana at ")
    assert b"1990-01-01T00:00:00.000Z" in kibana.content
    assert b"Depesche: overview" in kibana.content


def test_an_empty_archive_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with Kibana() as kibana:
        monkeypatch.setenv("DEPESCHE_KIBANA_URL", kibana.url)
        said = run("kibana", "import")
    assert said.status == 0
    assert "import again" in said.err


def test_less_than_all_is_a_failure(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with KibanaServer(lambda *_: (200, '{"success": false, "successCount": 3}')) as kibana:
        monkeypatch.setenv("DEPESCHE_KIBANA_URL", kibana.url)
        said = run("kibana", "import")
    assert said.status == 1
    assert said.out.startswith(f"3 of {len(load())} objects in Kibana at ")
