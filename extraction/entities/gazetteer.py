"""The small lists of known names that canonical names look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Known names.

    ``surnames`` and ``places`` hold names whose form with -s is a genitive, ``names_in_s`` first
    names and surnames that end in -s themselves, ``states`` short and official names,
    ``first_names`` maps to ``f``, ``m`` or "" (unknown or both), ``adjectives`` maps stems
    (``russisch``) to what they belong to (``Russland``).
    """

    surnames: frozenset[str] = frozenset()
    names_in_s: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    states: frozenset[str] = frozenset()
    first_names: Mapping[str, str] = field(default_factory=dict)
    adjectives: Mapping[str, str] = field(default_factory=dict)

    def gender(self, name: str) -> str:
        """Return ``f`` or ``m`` for a person's full name, "" if the first name does not tell."""
        first, _, rest = name.partition(" ")
        if not rest:
            return ""
        return self.first_names.get(first) or self.first_names.get(first.partition("-")[0], "")


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
        first_names=_pairs("first-names.txt") | _pairs("first-names-common.txt"),
        adjectives=_pairs("state-adjectives.txt"),
    )


def _entries(file: str) -> frozenset[str]:
    text = (files("seeds") / "gazetteers" / file).read_text("utf-8")
    return frozenset(line for line in text.splitlines() if line)


def _pairs(file: str) -> dict[str, str]:
    """Read lines of a word and, behind a blank, what it maps to."""
    return {word: value for word, _, value in (line.partition(" ") for line in _entries(file))}
