"""Who could put another folder in the place of the data folder: he is trusted, and told of once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tasks.real_path import way
from worker.others import who_takes_away, whose_link


def say_of(data: Path, say: Callable[[str], None]) -> None:
    """Say it, if there is such a one."""
    if sentence := said_of(data):
        say(sentence)


def said_of(data: Path) -> str:
    """A sentence about a folder above that others may write, or that is another user's; else empty.

    Above is another user's link on the way, and what any lies in, too. Where everybody may put
    things and only take away his own is another matter: see :func:`tasks.data_folder.planted`.
    Raises ``OSError`` where too many links lead to the data folder.
    """
    trusted = f"Who may put another folder in the place of {data} is trusted."
    for place in way(data):
        with suppress(OSError):
            if said := who_takes_away(place.parent):
                return f"{place.parent} {said}. {trusted}"
            if said := whose_link(place):
                return f"{place} {said}. {trusted}"
    return ""
