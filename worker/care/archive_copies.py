"""The second copy of the archive: what of it waits, and why."""

from __future__ import annotations

from collections.abc import Iterator

from worker.care.note import Note
from worker.container import Container
from worker.wording import counted


def archive_copies(container: Container) -> Iterator[Note]:
    """How many files have none yet, how many copies are to go, and why that has not happened."""
    where, copies = container.settings.archive, container.copies
    if not where:
        if left := len(copies.leaving()):
            text = f"{counted(left, 'copy', 'copies')} of what was taken away cannot be removed"
            yield Note("copies_stay", text, "Set DEPESCHE_ARCHIVE where `watch` runs", wrong=True)
        return
    said = copies.said()
    waiting, leaving = int(said.get("waiting", 0)), len(copies.leaving())
    error = said.get("error", "")
    told = [f"{counted(waiting, 'file')} of the archive without a copy in {where}"] * bool(waiting)
    told += [f"{counted(leaving, 'copy', 'copies')} to be removed there"] * bool(leaving)
    if not said:
        told = [f"no file has a copy in {where} yet"]
    if told or error:
        text = ", ".join(told) or f"copies in {where}"
        to_do = "See to the bucket, its address and its login; copying goes on by itself"
        yield Note(
            "copies", f"{text}{': ' * bool(error)}{error}", to_do * bool(error), wrong=bool(error)
        )
