"""What the documents name is there: modules by their path, folders, make targets."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "training" / "README.md"]
#: History: what it names may be gone.
PAST = {"CHANGELOG.md"}
CODE = ("articles", "german", "extraction", "indexing", "tasks", "worker", "training", "benchmarks")


def modules() -> set[str]:
    """Every Python file of the tree and of its tests, by its path below the root."""
    return {
        path.relative_to(ROOT).as_posix()
        for top in (*CODE, "tests", "seeds", "depesche")
        for path in (ROOT / top).rglob("*.py")
    }


@pytest.mark.parametrize(
    "document", [path for path in DOCUMENTS if path.name not in PAST], ids=lambda path: path.name
)
def test_named_modules_exist(document: Path) -> None:
    known = [f"/{name}" for name in modules()]
    named = re.findall(r"`([\w/]+\.py)`", document.read_text("utf-8"))
    gone = {name for name in named if not any(path.endswith(f"/{name}") for path in known)}
    assert not gone


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_named_dotted_modules_exist(document: Path) -> None:
    pattern = rf"(?:python -m|from) ((?:{'|'.join(CODE)})\b[\w.]*)"
    named = set(re.findall(pattern, document.read_text("utf-8")))
    gone = {
        name
        for name in named
        if not (ROOT / name.replace(".", "/")).with_suffix(".py").exists()
        and not (ROOT / name.replace(".", "/")).is_dir()
    }
    assert not gone


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_named_make_targets_exist(document: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^)make ([a-z]+)", document.read_text("utf-8"), re.MULTILINE))
    assert named <= targets
