"""The small lists of known names that canonical names look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from german.first_names import first_names, gender_of_person
from german.lexicon import Gender
from german.surnames import surnames
from german.wordlist import lines, pairs


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
    first_names: Mapping[str, Gender] = field(default_factory=dict)
    adjectives: Mapping[str, str] = field(default_factory=dict)

    def gender(self, name: str) -> Gender:
        """Return ``f`` or ``m`` for a person's full name, "" if the first name does not tell."""
        return gender_of_person(name, self.first_names)


@cache
def shipped() -> Gazetteer:
    """Return the lists in ``seeds/gazetteers``, read once in a process."""
    states = _entries("states.txt")
    single = {state for state in states if " " not in state and not state.endswith("s")}
    return Gazetteer(
        surnames=surnames(),
        names_in_s=_entries("names-in-s.txt"),
        places=_entries("places.txt") | single,
        states=states,
        first_names=first_names(),
        adjectives=pairs("seeds", "gazetteers/state-adjectives.txt"),
    )


def _entries(file: str) -> frozenset[str]:
    return frozenset(lines("seeds", f"gazetteers/{file}"))
