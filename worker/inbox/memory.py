"""How files behaved before they were claimed: whoever appended once may append again."""

from __future__ import annotations

from dataclasses import dataclass, field

from worker.inbox.readiness import Observation

#: Seconds that a file's growth is remembered after its claim, and that a plain claim is.
GROWN_SECONDS, CLAIMED_SECONDS = 600.0, 10.0
#: What is assumed of a name that comes again right after its claim, in seconds between two writes.
AGAIN = 0.5
#: So many names are remembered at most; the oldest go first.
MOST = 50_000


@dataclass(slots=True)
class Memory:
    """By name below the inbox: until when, and the longest pause between its writes, in seconds."""

    _known: dict[str, tuple[float, float]] = field(default_factory=dict)

    def claimed(self, name: str, observation: Observation, now: float) -> None:
        """Remember a file that is claimed, if it was written in its place just now."""
        self._known.pop(name, None)
        grown = observation.pause > 0
        fresh = not observation.seen.arranged and now - observation.seen.mtime < CLAIMED_SECONDS
        if grown or fresh:
            if len(self._known) >= MOST:
                del self._known[next(iter(self._known))]
            until = now + (GROWN_SECONDS if grown else CLAIMED_SECONDS)
            self._known[name] = until, max(observation.pause, AGAIN)

    def pause(self, name: str, now: float) -> float:
        """The pause to be expected of a file that comes under this name; 0 if none."""
        until, pause = self._known.get(name, (0.0, 0.0))
        return pause if now < until else 0.0
