"""Whether readers of binary formats are confined on this system, and what they could do else."""

from __future__ import annotations

from collections.abc import Iterator
from subprocess import SubprocessError

from extraction.confined.reading import still_possible
from worker.care.note import Note
from worker.container import Container

_TO_DO = "use a system with seccomp or Landlock, or drop PDF and Office files of people you know"


def confined_readers(_container: Container) -> Iterator[Note]:
    """What a file that took over its reader could do here; no note where that is nothing."""
    try:
        could = still_possible()
    except (SubprocessError, ValueError) as error:
        raise OSError(f"nothing could be tried: {error}") from error
    if could:
        text = f"the system does not keep readers of PDF and Office files from: {', '.join(could)}"
        yield Note("readers_not_confined", text, _TO_DO)
