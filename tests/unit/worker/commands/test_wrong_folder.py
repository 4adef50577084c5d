"""A command in the wrong folder makes nothing there, and says how to choose another."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.worker.commands.conftest import Run

COMMANDS = [
    "status",
    "status --json",
    "search Pakt",
    "show t-1",
    "entity Putin",
    "timeline Putin",
    "similar t-1",
    "failed",
    "retry",
    "verify",
    "verify --repair",
    "ingest FILE",
    "entities block Putin",
    "entities rules",
    "down",
    "health watch",
    "watch",
    "work intake",
    "work enrich",
]


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Path:
    """A folder in which a person stands by mistake; no service is set."""
    here = tmp_path / "woanders"
    here.mkdir()
    (here / "brief.txt").write_text("Titel\n\nText.")
    monkeypatch.chdir(here)
    for name in ("DATA", "REDIS_URL", "ELASTICSEARCH_URL"):
        monkeypatch.delenv(f"DEPESCHE_{name}")
    return here


@pytest.mark.parametrize("command", COMMANDS)
def test_nothing_is_made_there(run: Run, elsewhere: Path, command: str) -> None:
    said = run(*command.replace("FILE", "brief.txt").split())
    assert said.status == 2
    assert said.out == ""
    assert str(elsewhere / "data") in said.err
    assert "DEPESCHE_DATA" in said.err
    assert "depesche up" in said.err
    assert [path.name for path in elsewhere.iterdir()] == ["brief.txt"]


@pytest.mark.parametrize("command", COMMANDS)
def test_nor_in_a_folder_that_holds_other_things(run: Run, elsewhere: Path, command: str) -> None:
    (elsewhere / "data").mkdir()
    (elsewhere / "data" / "tabelle.csv").write_text("1")
    said = run(*command.replace("FILE", "brief.txt").split())
    assert said.status == 2
    assert "DEPESCHE_DATA" in said.err
    assert [path.name for path in (elsewhere / "data").iterdir()] == ["tabelle.csv"]


def test_who_names_services_searches_without_a_data_folder(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, ids: dict[str, str]
) -> None:
    monkeypatch.setenv("DEPESCHE_DATA", str(tmp_path / "nirgends"))
    assert run("search", "Pakt").status in {0, 1}
    assert not (tmp_path / "nirgends").exists()
