"""What a mirror tells of the life of its files: that they have moved, or were deleted."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import suppress

from extraction.formats.identity import printable_path
from worker.care.life import Step
from worker.intake.told import possible_bytes
from worker.mirror.answers import Event
from worker.mirror.mirrors import Mirror, Mirrors


def in_mirrors(mirrors: Mirrors, paths: Collection[str], ids: Collection[str]) -> Iterator[Step]:
    """The steps of these files, and of these documents' files in the same mirrors.

    Of a mirror that cannot be read, none.
    """
    found = [each for path in paths if (each := mirrors.of_path(path))]
    for mirror in dict.fromkeys(mirror for mirror, _ in found):
        below = set(filter(None, (possible_bytes(rest) for of, rest in found if of == mirror)))
        with suppress(OSError, sqlite3.Error), mirror.opened() as state:
            events = state.events(_with_folders(below), {id_ for id_ in ids if id_})
            yield from (_step(mirror, event, below) for event in events)


def _with_folders(paths: Collection[bytes]) -> set[bytes]:
    """A member of a container goes and moves with it."""
    parts = [path.split(b"/") for path in paths]
    return {b"/".join(each[:count]) for each in parts for count in range(1, len(each) + 1)}


def _step(mirror: Mirror, event: Event, asked: Collection[bytes]) -> Step:
    path, was = (printable_path(mirror.below + os.fsdecode(p)) for p in (event.path, event.was))
    if event.what == "deleted":
        return Step(event.at, "deleted", path, event.id, "its file is gone from the mirror")
    if event.was in asked:
        return Step(event.at, "moved", was, event.id, f"to {path}")
    return Step(event.at, "moved", path, event.id, f"from {was}")
