"""The page on operations names tests and commands that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from worker.care.compared import KINDS, REPAIRED
from worker.cli import app

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "operations.md").read_text()
TESTS = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE)
FAULTS = sorted(path.name for path in (ROOT / "tests" / "faults").glob("test_*.py"))
COMMANDS = sorted(
    set(
        re.findall(
            r"depesche (up|down|status|failed|retry|verify|withdrawn?|restore|index [\w-]+)", PAGE
        )
    )
)


@pytest.mark.parametrize(("path", "name"), sorted(set(TESTS)))
def test_a_named_test_is_there(path: str, name: str) -> None:
    assert f"def {name}" in (ROOT / path).read_text()


@pytest.mark.parametrize("name", FAULTS)
def test_every_test_of_a_fault_is_named(name: str) -> None:
    assert f"tests/faults/{name}" in PAGE


@pytest.mark.parametrize("command", COMMANDS)
def test_a_named_command_is_there(command: str) -> None:
    assert CliRunner().invoke(app, [*command.split(), "--help"]).exit_code == 0


@pytest.mark.parametrize("kind", KINDS)
def test_every_difference_is_explained(kind: str) -> None:
    (row,) = re.findall(rf"^\| `{kind}`: .*$", PAGE, re.MULTILINE)
    assert ("for you" not in row and "start the workers" not in row) is (kind in REPAIRED)
