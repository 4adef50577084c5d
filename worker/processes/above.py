"""Who could put another folder in the place of the data folder: he is trusted, and told of once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from worker.others import who_exchanges


def say_of(data: Path, say: Callable[[str], None]) -> None:
    """Say it, if there is such a one."""
    if sentence := said_of(data):
        say(sentence)


def said_of(data: Path) -> str:
    """A sentence about who could, or nothing. Raises as :func:`worker.others.who_exchanges`."""
    said = who_exchanges(data)
    return f"{said}. Who may put another folder in the place of {data} is trusted." if said else ""
