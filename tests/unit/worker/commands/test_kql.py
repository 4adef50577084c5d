"""``--kql``, and what ``kibana import`` says where nobody answers."""

from __future__ import annotations

import json

import pytest

from tests.unit.kibana.test_import import Kibana
from tests.unit.worker.commands.conftest import Run


def test_a_search_and_an_export_are_limited_by_kql(run: Run, ids: dict[str, str]) -> None:
    kql = 'quoted_people: "Hanna Reuter" and not agency: taz'
    found = run("search", "--kql", kql, "--json").json
    assert [hit["id"] for hit in found["hits"]] == [ids["2024-06-19-verteidigungspakt"]]
    exported = run("export", "--kql", kql, "--format", "jsonl").out.splitlines()
    assert [json.loads(line)["id"] for line in exported] == [ids["2024-06-19-verteidigungspakt"]]


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
    assert said.out.startswith("28 objects in Kibana at ")
    assert b"1990-01-01T00:00:00.000Z" in kibana.content
    assert b"Depesche: overview" in kibana.content


def test_an_empty_archive_is_told(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with Kibana() as kibana:
        monkeypatch.setenv("DEPESCHE_KIBANA_URL", kibana.url)
        said = run("kibana", "import")
    assert said.status == 0
    assert "import again" in said.err
