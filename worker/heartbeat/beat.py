"""A heartbeat: what a process says of itself, and what may be concluded from it.

All times are seconds that have passed, never moments: the clocks of hosts differ.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal

from worker.wording import spoken

Process = Literal["watch", "intake", "enrich"]
PROCESSES: tuple[Process, ...] = ("watch", "intake", "enrich")

EVERY_SECONDS = 5.0
#: Older heartbeats are of a process that is frozen, or dead. A busy machine may leave out one.
SILENT_SECONDS = 20.0
#: A model that is loaded for the first time may take long, and nothing can be said meanwhile.
STARTING_SECONDS = 300.0
#: Bytes of a heartbeat, at most: Redis may hold anything under its name.
LONGEST = 16_384
#: No number in a heartbeat, of seconds or of a process, is larger.
_LARGEST = 2**53
#: A loop that has not gone round for so long hangs. A look at a slow Elasticsearch is several
#: requests of 30 seconds each.
LOOP_SECONDS = {"watch": 60.0, "reconcile": 300.0}


@dataclass(frozen=True, slots=True)
class Beat:
    """``doing`` is ``starts``, ``idle``, ``works`` or ``waits``; ``what`` says for whom or on what.

    ``up`` and ``since``: seconds that the process lives, and that it has been doing so. ``loops``:
    seconds since each of its loops last went round. ``namespace`` says where ``pid`` means it,
    ``site`` whose watcher or intake it is, "" where it does not say, and ``takes`` the folders of
    which that intake takes files that a message names. ``version``: by what it writes, the mapping
    or the pipeline.
    """

    process: str
    host: str
    pid: int
    namespace: str = ""
    up: float = 0.0
    doing: str = "idle"
    what: str = ""
    since: float = 0.0
    loops: dict[str, float] = field(default_factory=dict)
    site: str = ""
    takes: list[str] = field(default_factory=list)
    version: str = ""

    @property
    def key(self) -> tuple[str, str, int]:
        """Whose it is."""
        return self.process, self.host, self.pid

    def as_json(self) -> dict[str, Any]:
        """Plain data."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Seen:
    """A heartbeat and its age in seconds; ``gone``: the process is known to have ended."""

    beat: Beat
    age: float
    gone: bool = False

    def fault(self, silent: float = SILENT_SECONDS) -> str:
        """Why it does not count as living; empty where it does."""
        if self.gone:
            return "has ended"
        allowed = max(silent, STARTING_SECONDS) if self.beat.doing == "starts" else silent
        if self.age > allowed:
            return f"silent for {spoken(self.age)}"
        for loop, passed in self.beat.loops.items():
            if passed > LOOP_SECONDS.get(loop, LOOP_SECONDS["watch"]):
                return f"hangs: its loop {loop!r} has stood for {spoken(passed)}"
        return ""

    @property
    def started(self) -> float:
        """Seconds since its start."""
        return self.age + self.beat.up


def decoded(content: str | bytes) -> tuple[Beat, dict[str, Any]] | None:
    """A heartbeat and whatever else stands beside it; None where it is none, or only half there."""
    if len(content) > LONGEST:
        return None
    try:
        said = json.loads(content)
        beat = Beat(
            **{each.name: said.pop(each.name) for each in fields(Beat) if each.name in said}
        )
        numbers = [beat.pid, beat.up, beat.since, *beat.loops.values()]
    except (ValueError, TypeError, AttributeError, RecursionError):
        return None
    words: tuple[object, ...] = (
        beat.process,
        beat.host,
        beat.namespace,
        beat.doing,
        beat.what,
        beat.site,
        beat.version,
    )
    words = (*words, *beat.takes) if isinstance(beat.takes, list) else (None,)
    whole = all(isinstance(word, str) for word in words)
    return (beat, said) if whole and all(map(_is_time, numbers)) else None


def _is_time(number: object) -> bool:
    """A number that can be reckoned with: JSON knows larger ones, and Python reads ``NaN``."""
    return isinstance(number, int | float) and abs(number) < _LARGEST


def latest(all_seen: list[Seen]) -> list[Seen]:
    """One of each process, the youngest; those whose place another one took are left out.

    A process that died is of no interest once one of its name has started on its host.
    """
    by_key: dict[tuple[str, str, int], Seen] = {}
    for each in sorted(all_seen, key=lambda seen: seen.age, reverse=True):
        before = by_key.get(each.beat.key)
        by_key[each.beat.key] = replace(each, gone=each.gone or bool(before and before.gone))
    kept = sorted(by_key.values(), key=lambda seen: (seen.beat.key, seen.age))
    return [each for each in kept if not _replaced(each, kept)]


def _replaced(silent: Seen, all_seen: list[Seen]) -> bool:
    return bool(silent.fault()) and any(
        other.beat.process == silent.beat.process
        and other.beat.host == silent.beat.host
        and other.started < silent.age
        for other in all_seen
    )
