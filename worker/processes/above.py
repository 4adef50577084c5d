"""Who could put another folder in the place of the data folder, or into it, is told of once.

He is trusted.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from worker.others import of_another, who_exchanges


def say_of(data: Path, say: Callable[[str], None]) -> None:
    """Say it, if there is such a one."""
    if sentence := said_of(data):
        say(sentence)


def said_of(data: Path) -> str:
    """A sentence about who could, or nothing. Raises as :func:`worker.others.who_exchanges`."""
    if said := who_exchanges(data, missing=True):  # then it is made now
        return f"{said}. Who may put another folder in the place of {data} is trusted."
    with suppress(OSError):
        if said := of_another(data.stat()):
            return f"{data} {said}, who is trusted."
    return ""
