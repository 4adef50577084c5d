"""What enrichment is at work on, as files that the kernel unlocks when a worker dies.

    run/enriching/<process>-<random>.json      the ids of one message, locked while it is worked

What a dead worker held would rest until its lease in Redis is void; a file whose lock is free tells
of the death at once. And it tells of what no message speaks of any more: Celery takes that of a
child that was ended by its time limit for done. Where workers share no data folder with the
reconciler there are no such files, and the lease it is.
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol


class Work(Protocol):
    """The enricher."""

    def documents(self, ids: Sequence[str], careful: bool, request: int) -> object: ...


@dataclass(frozen=True, slots=True)
class InFlight:
    """The folder of those files."""

    folder: Path

    @contextmanager
    def on(self, ids: Sequence[str]) -> Iterator[None]:
        """Say what is worked on while inside."""
        self.folder.mkdir(parents=True, exist_ok=True)
        path = self.folder / f"{os.getpid()}-{secrets.token_hex(4)}.json"
        with path.open("x") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            json.dump(list(ids), file)
            file.flush()
            try:
                yield
            except Exception:
                path.unlink(missing_ok=True)
                raise
            # Not where the process is told to end in the middle: that is a death, too.
            path.unlink(missing_ok=True)

    def look(self) -> tuple[set[str], dict[Path, set[str]]]:
        """The ids that somebody works on, and those whose worker died, by file."""
        alive: set[str] = set()
        dead: dict[Path, set[str]] = {}
        for path in self.folder.glob("*.json"):
            with suppress(FileNotFoundError), path.open() as file:
                ids = _ids(file)
                if _locked(file):
                    alive |= ids
                else:
                    dead[path] = ids
        return alive, dead


@dataclass(frozen=True, slots=True)
class InFlightEnricher:
    """An enricher whose work is written down while it lasts."""

    work: Work
    in_flight: InFlight

    def documents(self, ids: Sequence[str], careful: bool, request: int) -> object:
        """As the enricher's own."""
        with self.in_flight.on(ids):
            return self.work.documents(ids, careful, request)


def _ids(file: IO[str]) -> set[str]:
    try:
        content = json.load(file)
    except (ValueError, RecursionError):
        return set()  # its writer had only begun
    return {id_ for id_ in content if isinstance(id_, str)} if isinstance(content, list) else set()


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False
