"""What the fault tests found, as one table at the end of a run.

A scenario's row counts over all that it judged: its inputs, those of them that are lost (not on
the disk, or not in the index) and those that are in the index twice; and the longest time that
work took to resume, where the scenario measures it.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(slots=True)
class Row:
    """One scenario; ``resumed`` in seconds, None where nothing was away or dead."""

    inputs: int = 0
    lost: int = 0
    doubled: int = 0
    resumed: float | None = None


_ROWS: dict[str, Row] = {}


def judged(inputs: Collection[str], on_disk: Collection[str], indexed: Counter[str]) -> None:
    """Note one judgement, before it is asserted; ``on_disk`` and ``indexed`` are what is there.

    What is on the disk because it failed before it was indexed is to be in ``indexed`` too.
    """
    lost = set(inputs) - (set(on_disk) & set(indexed))
    counted(len(inputs), len(lost), sum(times > 1 for times in indexed.values()))


def counted(inputs: int, lost: int, doubled: int) -> None:
    """Note a judgement that was counted elsewhere."""
    row = _row()
    row.inputs += inputs
    row.lost += lost
    row.doubled += doubled


def resumed(seconds: float) -> None:
    """Note how long it took until work went on."""
    row = _row()
    row.resumed = max(seconds, row.resumed or 0.0)


def rows() -> dict[str, dict[str, Any]]:
    """All rows by the name of their scenario, in plain types, to be sent to another process."""
    return {name: asdict(row) for name, row in _ROWS.items()}


def add(sent: dict[str, dict[str, Any]]) -> None:
    """Take the rows that `rows` of another process gave."""
    _ROWS.update({name: Row(**row) for name, row in sent.items()})


def table(seconds: dict[str, float]) -> Iterator[str]:
    """Yield the lines of the table; ``seconds`` is how long each test took."""
    if _ROWS:
        yield "| scenario | inputs | lost | doubled | work resumed after | whole test |"
        yield "|---|---|---|---|---|---|"
    for name, row in _ROWS.items():
        after = "" if row.resumed is None else f"{row.resumed:.1f} s"
        took = f"{seconds.get(name, 0.0):.0f} s"
        counts = f"{row.inputs:,} | {row.lost} | {row.doubled}"
        yield f"| {short(name)} | {counts} | {after} | {took} |"


def short(name: str) -> str:
    """``tests/faults/test_kills.py::test_killed_watcher`` -> ``kills: killed_watcher``."""
    module, _, test = name.partition("::")
    module = module.rpartition("/")[2].removeprefix("test_").removesuffix(".py")
    return f"{module}: {test.removeprefix('test_')}"


def _row() -> Row:
    name = os.environ["PYTEST_CURRENT_TEST"].rpartition(" (")[0]
    return _ROWS.setdefault(name, Row())
