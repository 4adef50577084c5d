"""When a file is finished. Pure rules."""

from __future__ import annotations

from dataclasses import dataclass, field

#: A closed file that grew may grow again: it must be still for so many of its longest pauses.
PAUSES = 4.0
#: And for no longer than this (seconds), however slowly it grows.
LONGEST = 60.0
#: A file of fewer bytes that was written in its place is as often a beginning as an article: who
#: opens, appends and closes (``>>``) holds nothing open for the kernel to tell of.
SMALL = 512


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as one scan found it; ``size`` in bytes, ``mtime`` in seconds since the epoch.

    ``inode`` tells the disk, too. ``arranged``: since it was last written its name, mode or time
    was set, as programs do that have finished with a file. ``owner``: the number of its user.
    """

    size: int
    mtime: float
    inode: int = 0
    arranged: bool = field(default=False, compare=False)
    owner: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Observation:
    """Since when (seconds since the epoch, our clock) a file has looked the same.

    ``pause``: the longest time, in seconds, between two writes between which it was closed, or
    could not be told to be open. ``held``: at the last look somebody had it open for writing;
    ``was_held``: at a look before it changed for the last time.
    """

    seen: Seen
    since: float
    pause: float = 0.0
    held: bool = False
    was_held: bool = False


def observe(before: Observation | None, seen: Seen, now: float, pause: float = 0.0) -> Observation:
    """Carry an observation on: the moment of stillness starts anew with every change.

    ``pause`` is what is known of its name where it is seen for the first time.
    """
    if before is None:
        return Observation(seen, now, pause)
    if before.seen == seen:
        return before
    if before.seen.inode != seen.inode or before.seen.size >= seen.size:
        return Observation(seen, now)  # it was written anew: no growth
    grown = 0.0 if before.held else min(seen.mtime - before.seen.mtime, now - before.since)
    was_held = before.held or before.was_held
    return Observation(seen, now, max(before.pause, grown), was_held=was_held)


def needed(
    observation: Observation, open_writer: bool | None, quiet: float, quiet_unproven: float
) -> float:
    """How long a file must be still, in seconds: the longer, the less is known of its end."""
    seen = observation.seen
    closed = observation.held or observation.was_held  # it was open for long, and is not now
    beginning = seen.size < SMALL and not seen.arranged and not closed
    least = quiet_unproven if open_writer is None or beginning else quiet
    return max(least, quiet, min(PAUSES * observation.pause, LONGEST))


def most_needed(quiet: float, quiet_unproven: float) -> float:
    """How long any file must be still at most, in seconds, whatever is known of it."""
    return max(quiet_unproven, quiet, LONGEST)


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
    False, a modification time further back than the time that is needed is stillness enough, so
    that a file renamed into place is ready at once. Where it cannot tell, the file must have been
    watched being still, since its modification time may be another machine's clock.
    """
    if open_writer:
        return False
    still = now - observation.since
    if open_writer is False:
        still = max(still, now - observation.seen.mtime)
    return still >= needed(observation, open_writer, quiet, quiet_unproven)
