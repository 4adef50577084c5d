"""Tries of single files after a worker died over their batch. Counted before each starts.

Only a death while the file is read speaks against it: a try that came to the end of the reading is
counted in a second file, and tells for nothing. What comes then waits for a service and a disk. But
what others have written may end whoever looks up which article it is: very many deaths there do.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from worker.atomic import write_json

LIMIT = 3
#: Deaths while it is looked up which article a file is: so often nobody ends a process that waits.
MOST_LOOKS = 16


def counted(path: Path) -> dict[str, int]:
    """Tries so far by relative path; an unreadable count is no count."""
    try:
        content = json.loads(path.read_text())
    except (OSError, ValueError):
        return {}
    if not isinstance(content, dict):
        return {}
    return {name: tries for name, tries in content.items() if isinstance(tries, int)}


def cut_short(tries: Path, survived: Path, relative: str) -> int:
    """How many tries of a file a death ended while it was read."""
    return counted(tries).get(relative, 0) - counted(survived).get(relative, 0)


def count(path: Path, relative: str, more: int = 1) -> int:
    """Count one more try of a file, durably, and say which one it is."""
    tries = counted(path)
    tries[relative] = tries.get(relative, 0) + more
    write_json(path, tries)
    return tries[relative]


@contextmanager
def unless_it_ends(path: Path, relative: str) -> Iterator[None]:
    """Count a death in here, and nothing else: whatever is raised is none."""
    count(path, relative)
    try:
        yield
    except Exception:
        count(path, relative, -1)
        raise
    count(path, relative, -1)
