"""Named points in the dangerous gaps, where a test can end or hold the process that passes.

    DEPESCHE_FAILPOINT="intake.indexed:kill enrich.read:killall:2 intake.moved:kill:0.001"
    DEPESCHE_FAILPOINT_ONCE=<folder>

``kill`` ends the process as SIGKILL does, ``killall`` its whole group, ``hold`` stops it where
it is, ``freeze`` its whole group, until SIGCONT. A whole number says at which pass, a fraction how
likely at each. With a folder for ONCE each point fires once among all processes, so that the next
one passes. Nothing is armed, and nothing costs anything, unless an entry point finds the variable.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from articles.errors import UsageError

ARMED = "DEPESCHE_FAILPOINT"
ONCE = "DEPESCHE_FAILPOINT_ONCE"

_ACTIONS = ("kill", "killall", "hold", "freeze")
_HOLD_SECONDS = 3600.0


@dataclass(slots=True)
class Point:
    """One armed point."""

    action: str
    passes: int = 1
    chance: float = 1.0
    once: Path | None = None

    def due(self) -> bool:
        """Whether this pass is the one."""
        self.passes -= 1
        if self.passes > 0 or (self.chance < 1.0 and random.random() >= self.chance):  # noqa: S311
            return False
        return self.once is None or _first(self.once)

    def fire(self) -> None:
        """Do it."""
        if self.action == "freeze":
            os.killpg(0, signal.SIGSTOP)
            return
        if self.action == "killall":
            os.killpg(0, signal.SIGKILL)
        if self.action == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        time.sleep(_HOLD_SECONDS)


_armed: dict[str, Point] = {}


def arm(environment: Mapping[str, str]) -> None:
    """Arm what the environment asks for; ``UsageError`` where it cannot be understood."""
    _armed.clear()
    folder = environment.get(ONCE)
    for word in environment.get(ARMED, "").split():
        name, _, rest = word.partition(":")
        _armed[name] = _point(word, rest, Path(folder, name) if folder else None)


def reach(name: str) -> None:
    """Pass a point."""
    if _armed and (point := _armed.get(name)) and point.due():
        point.fire()


def _point(word: str, rest: str, once: Path | None) -> Point:
    action, _, when = rest.partition(":")
    try:
        if action not in _ACTIONS:
            raise ValueError(action)
        if "." in when:
            return Point(action, chance=float(when), once=once)
        return Point(action, passes=int(when or 1), once=once)
    except ValueError:
        raise UsageError(
            f"{ARMED}: {word!r} is not <point>:<{'|'.join(_ACTIONS)}>[:when]"
        ) from None


def _first(mark: Path) -> bool:
    try:
        mark.touch(exist_ok=False)
    except FileExistsError:
        return False
    return True
