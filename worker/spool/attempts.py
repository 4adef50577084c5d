"""Tries of single files after a worker died over their batch. Counted before each starts."""

from __future__ import annotations

import json
from pathlib import Path

from worker.atomic import write_json

LIMIT = 3


def counted(path: Path) -> dict[str, int]:
    """Tries so far by relative path; an unreadable count is no count."""
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    if not isinstance(content, dict):
        return {}
    return {name: tries for name, tries in content.items() if isinstance(tries, int)}


def count(path: Path, relative: str) -> int:
    """Count one more try of a file, durably, and say which one it is."""
    tries = counted(path)
    tries[relative] = tries.get(relative, 0) + 1
    write_json(path, tries)
    return tries[relative]
