"""How far the containers of a batch are unpacked, and why members are none: files beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from worker.atomic import write_json


@dataclass(frozen=True, slots=True)
class Progress:
    """How many ``members`` have been put into the spool, in so many ``parts``.

    ``cut``: so many are in the part behind them, which may be in the spool already: where it was
    cut by time, it would be another one when it is put there again.
    ``left`` of them were left alone; ``out`` bytes have come out of it, and of what is in it.
    ``seconds``: what it takes to read it up to there, as of its last turn's end.
    ``key`` tells the container; where it is another one now, this
    is about nothing.
    """

    key: str
    parts: int = 0
    members: int = 0
    left: int = 0
    out: int = 0
    cut: int = 0
    seconds: float = 0.0

    def after(self, members: int, left: int, out: int) -> Progress:
        """With one more part; ``out``: the bytes of all of them, and of what was in these."""
        counted = self.parts + 1, self.members + members, self.left + left, out
        return Progress(self.key, *counted, seconds=self.seconds)


def progress(place: Path, relative: str) -> Progress | None:
    """How far a container is; None where nothing of it was read to its end."""
    try:
        return Progress(**_content(place)[relative])
    except (KeyError, TypeError):
        return None


def all_progress(place: Path) -> dict[str, Progress]:
    """Of each container of a batch."""
    told = {name: progress(place, name) for name in _content(place)}
    return {name: known for name, known in told.items() if known}


def note(place: Path, relative: str, known: Progress) -> None:
    """Write down how far a container is, durably."""
    write_json(place, {**_content(place), relative: asdict(known)})


def forget(place: Path, relative: str) -> None:
    """Of a container that is at its end."""
    content = {name: told for name, told in _content(place).items() if name != relative}
    if content:
        write_json(place, content)
    else:
        place.unlink(missing_ok=True)


def turns(place: Path) -> dict[str, int]:
    """Which containers of a batch have had a turn, by their paths: the number of the last."""
    return {name: turn for name, turn in _content(place).items() if isinstance(turn, int)}


def has_turn(place: Path, *relative: str) -> None:
    """A container has the next one, or several have it together."""
    before = turns(place)
    write_json(place, {**before, **dict.fromkeys(relative, 1 + max(before.values(), default=0))})


def say_faults(place: Path, faults: Mapping[str, str]) -> None:
    """Say why files of a batch are no articles that can be read, by their paths."""
    if faults:
        write_json(place, dict(faults))


def faults(place: Path) -> dict[str, str]:
    """What was said of them."""
    return {name: fault for name, fault in _content(place).items() if isinstance(fault, str)}


def _content(place: Path) -> dict[str, Any]:
    try:
        content = json.loads(place.read_text())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
