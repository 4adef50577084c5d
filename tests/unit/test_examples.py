"""The examples of the documents have the types that they claim; integration tests run them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("document", ["programs.md", "searching.md"])
def test_python_that_uses_the_front_door_has_the_right_types(document: str, tmp_path: Path) -> None:
    text = (ROOT / "docs" / document).read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    used = [code for code in blocks if "from depesche import" in code]
    assert used
    example = tmp_path / "example.py"
    example.write_text("\n".join(used), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml", str(example)],
        cwd=ROOT, capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
