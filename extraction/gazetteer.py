"""The small lists of known names that canonical names look at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Known names.

    ``surnames`` and ``places`` hold names whose form with -s is a genitive, ``names_in_s`` first
    names and surnames that end in -s themselves, ``states`` short and official names.
    """

    surnames: frozenset[str] = frozenset()
    names_in_s: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()


@cache
def shipped() -> Gazetteer:
    """Return the lists in ``seeds/gazetteers``, read once in a process."""
    states = _entries("states.txt")
    single = {state for state in states if " " not in state and not state.endswith("s")}
    return Gazetteer(
        surnames=_entries("surnames.txt"),
        names_in_s=_entries("names-in-s.txt"),
        places=_entries("places.txt") | single,
        states=states,
    )


def _entries(file: str) -> frozenset[str]:
    text = (files("seeds") / "gazetteers" / file).read_text("utf-8")
    return frozenset(line for line in text.splitlines() if line)
