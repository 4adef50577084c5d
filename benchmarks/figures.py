"""One measured figure, as every benchmark returns it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """``value`` of ``what``; ``target`` is what the project wants to reach, if there is one."""

    what: str
    value: float
    target: float | None = None
    note: str = ""


def table(figures: list[Figure]) -> str:
    """Return the figures as aligned lines of text."""
    width = max((len(f.what) for f in figures), default=0)
    return "\n".join(
        f"{f.what:<{width}}  {f.value:8.3f}"
        + (f"  (target {f.target:g})" if f.target is not None else "")
        + (f"  {f.note}" if f.note else "")
        for f in figures
    )
