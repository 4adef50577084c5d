"""Reading the locks (``requirements*.lock``)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

_PIN = re.compile(r"^([A-Za-z0-9][\w.-]*)==([^\s;\\]+)", re.MULTILINE)


class Pin(NamedTuple):
    """A package and its one version; the name as registries compare it (PEP 503)."""

    name: str
    version: str


def pins(lock: str) -> list[Pin]:
    """Every package of the text of a lock, those for other systems and Pythons too."""
    return [Pin(normal(name), version) for name, version in _PIN.findall(lock)]


def normal(name: str) -> str:
    """The name as registries compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def rounds(all_pins: Sequence[Pin]) -> list[list[Pin]]:
    """Lists that each name a package once: pip takes no two versions of one.

    A lock has two where different Pythons get different ones.
    """
    made: list[list[Pin]] = []
    for pin in dict.fromkeys(all_pins):
        for each in made:
            if pin.name not in {other.name for other in each}:
                each.append(pin)
                break
        else:
            made.append([pin])
    return made
