"""The page on security names tests, files and targets that are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "security.md").read_text("utf-8")
TESTS = sorted(set(re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", PAGE)))
WHO = ("A file", "A sender of tasks", "A local user", "A web page", "Another client", "A package")


@pytest.mark.parametrize(("path", "name"), TESTS)
def test_a_named_test_is_there(path: str, name: str) -> None:
    assert f"def {name or 'test_'}" in (ROOT / path).read_text("utf-8")


def test_whoever_may_be_hostile_has_rows_and_each_row_a_test() -> None:
    table = PAGE.split("## What is defended")[1].split("## What is not")[0]
    rows = [row for row in table.splitlines() if row.startswith("|")][2:]
    assert len(rows) > 20
    for row in rows:
        assert re.search(r"`tests/[\w/]+\.py", row.split("|")[-2]), row
    for who in WHO:
        assert f"| **{who}" in table


def test_every_test_of_an_attack_is_named() -> None:
    for path in (ROOT / "tests" / "security").glob("test_*.py"):
        assert f"tests/security/{path.name}" in PAGE


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`make (\w+)`", PAGE))))
def test_a_named_target_is_there(target: str) -> None:
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`([\w./-]+\.(?:lock|sha256|py))`", PAGE))))
def test_a_named_file_is_there(path: str) -> None:
    assert (ROOT / path).is_file()


def test_the_page_is_found() -> None:
    for page in ("README.md", "SECURITY.md", "docs/architecture.md"):
        assert "security.md" in (ROOT / page).read_text("utf-8")
