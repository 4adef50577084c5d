"""A measured figure beside its target, with its spread over the rounds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

Better = Literal["more", "less"]


@dataclass(frozen=True, slots=True)
class Row:
    """``value`` is the median of ``rounds`` values that lie from ``low`` to ``high``, in ``unit``.

    ``target`` is the least, or where less is better the most, that it shall be; None where it only
    explains another row.
    """

    what: str
    unit: str
    value: float
    low: float
    high: float
    rounds: int
    target: float | None = None
    better: Better = "more"
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether it reaches its target, if it has one."""
        if self.target is None:
            return None
        return self.value >= self.target if self.better == "more" else self.value <= self.target


def row(
    what: str,
    unit: str,
    values: Sequence[float],
    target: float | None = None,
    better: Better = "more",
    note: str = "",
) -> Row:
    """Return the row of one value a round; there must be some."""
    low, high = min(values), max(values)
    return Row(what, unit, median(values), low, high, len(values), target, better, note)


def quantile(values: Sequence[float], share: float) -> float:
    """Return the least of the values that ``share`` (0 to 1) of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, min(len(ordered), -int(-share * len(ordered) // 1)) - 1)]


def steady(times: Sequence[float], trim: float = 0.1) -> float:
    """Return how many things a second happened at ``times`` (seconds), first and last tenth apart.

    At the start not all work, and at the end not all have work.
    """
    ordered = sorted(times)
    first, last = int(len(ordered) * trim), int(len(ordered) * (1 - trim)) - 1
    passed = ordered[last] - ordered[first] if last > first else 0.0
    return (last - first) / passed if passed else float("nan")


def table(rows: Sequence[Row]) -> str:
    """Return aligned lines: what, measured, spread, target, whether it is met."""
    lines = [_cells(entry) for entry in rows]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)] if lines else []
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def _cells(entry: Row) -> tuple[str, ...]:
    sign = "≥" if entry.better == "more" else "≤"
    target = "" if entry.target is None else f"{sign} {entry.target:g}"
    verdict = {None: "", True: "met", False: "MISSED"}[entry.met]
    spread = f"{entry.low:.3g}…{entry.high:.3g} ({entry.rounds})" if entry.rounds > 1 else ""
    return (
        entry.what,
        f"{entry.value:.3g} {entry.unit}".strip(),
        spread,
        target,
        verdict,
        entry.note,
    )
