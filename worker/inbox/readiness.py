"""When a file is finished. Pure rules."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as one scan found it; ``size`` in bytes, ``mtime`` in seconds since the epoch."""

    size: int
    mtime: float


@dataclass(frozen=True, slots=True)
class Observation:
    """Since when (seconds since the epoch, our clock) a file has looked the same."""

    seen: Seen
    since: float


def observe(before: Observation | None, seen: Seen, now: float) -> Observation:
    """Carry an observation on: the moment of stillness starts anew with every change."""
    return before if before is not None and before.seen == seen else Observation(seen, now)


def ready(
    observation: Observation,
    now: float,
    open_writer: bool | None,
    quiet: float,
    quiet_unproven: float,
) -> bool:
    """Whether a file may be claimed.

    ``open_writer`` is what the kernel says: False, nobody holds the file open for writing; True,
    somebody does; None, it cannot tell (network mounts, files of other owners). Where it is
    False, a modification time further back than ``quiet`` seconds is stillness enough, so that a
    file renamed into place is ready at once. Where it cannot tell, the file must have been
    watched being still, since its modification time may be another machine's clock.
    """
    watched = now - observation.since
    if open_writer is None:
        return watched >= quiet_unproven
    if open_writer:
        return False
    return watched >= quiet or now - observation.seen.mtime >= quiet
